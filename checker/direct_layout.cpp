// SPDX-License-Identifier: MIT
// The direct embedding of any sets of vectors, in every layout that `reduce` writes; written from docs/reductions.md section 2
// and docs/challenge.md Theorem E7.
//
// Plain: queries -B (x, 1..1), data keys B (x, b), one pad key B (0, b) last; one extra coordinate for each mixed pattern of data
// and pad over the key matrices, b has a 1 where the pattern names the key's own kind. Values are 1 on data, 0 on the pad.
// Square: rows repeat cyclically until there are n' queries and n' - 1 data keys everywhere, n' the least that fits all.
// Causal: key slots first (the pad, then data, equally many everywhere), query slots after. k - 1 more coordinates, 1 in every
// query: keys of query slots have exactly those, value 0; those of key slots of matrix u all but the u-th. Query rows of key
// slots repeat the queries so that the query slots hold them in order.
// Centred (order 2): keys B (2 y - 1). q . key = -B^2 (2 <x, y> - |x|), and -|x| moves a whole row: weights are those of 2 B^2.
#include "checker/direct_layout.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "checker/errors.hpp"
#include "checker/room.hpp"

namespace checker {
namespace {

constexpr mpfr_prec_t kLayoutPrecision = 320;

mpq_class power(const mpq_class& x, std::size_t k) {
  mpq_class result = 1;
  for (std::size_t u = 0; u < k; ++u) result *= x;
  return result;
}

}  // namespace

double least_bound(const mpq_class& outweighed, const mpq_class& scale, std::size_t k, int significand_bits) {
  Interval wanted(kLayoutPrecision);
  mpfi_set_q(wanted.raw(), outweighed.get_mpq_t());
  mpfi_log(wanted.raw(), wanted.raw());
  const mpq_class least = wanted.upper() / scale;
  const int dropped = 53 - significand_bits;  // positive doubles are ordered as their bits are
  const auto number = [&](std::uint64_t place) { return std::bit_cast<double>(place << dropped); };
  std::uint64_t place = std::bit_cast<std::uint64_t>(std::pow(least.get_d(), 1.0 / static_cast<double>(k))) >> dropped;
  while (power(mpq_class(number(place)), k) < least) ++place;
  while (power(mpq_class(number(place - 1)), k) >= least) --place;
  return number(place);
}

namespace {

mpz_class power(const mpz_class& x, std::size_t k) {
  mpz_class result;
  mpz_pow_ui(result.get_mpz_t(), x.get_mpz_t(), k);
  return result;
}

mpz_class choose(std::size_t n, std::size_t k) {
  mpz_class result;
  mpz_bin_uiui(result.get_mpz_t(), n, k);
  return result;
}

/// Sizes of the target, before anything of it is made.
struct Shape {
  std::size_t order = 0, vectors = 0, patterns = 0, columns = 0;
  std::uint64_t queries = 0, slots = 0;  ///< slots: of keys, under a mask
  std::vector<std::uint64_t> data;       ///< data[u - 1]: keys that stand for vectors
  bool causal = false;
};

/// Throws Limit when the matrices need more room than there is.
void check_matrices_fit(const Shape& s) {
  mpz_class rows = mpz_class(s.slots + s.queries) * mpz_class(s.causal ? s.order : 1);
  for (std::size_t u = 0; u < s.data.size() && !s.causal; ++u) rows += mpz_class(s.data[u] + 1);
  check_room(rows * mpz_class(s.columns / 8 + 8), "the target, built again");
}

Shape shape_of(const VectorSets& sets, const DirectLayout& layout) {
  Shape s;
  s.order = sets.sizes.size();
  s.causal = layout.causal;
  std::uint64_t side = 0, most_keys = 0;
  for (std::size_t u = 0; u < s.order; ++u) {
    require(sets.sizes[u] > 0, "a set of vectors is empty: there is no attention input");
    side = std::max<std::uint64_t>(side, sets.sizes[u] + (u > 0));
    if (u > 0) most_keys = std::max<std::uint64_t>(most_keys, sets.sizes[u]);
  }
  s.queries = layout.square ? side : sets.sizes[0];
  for (std::size_t u = 1; u < s.order; ++u)
    s.data.push_back(layout.square ? side - 1 : layout.causal ? most_keys : sets.sizes[u]);
  s.slots = layout.causal ? s.data[0] + 1 : 0;
  s.vectors = sets.columns;
  s.patterns = mixed_patterns(s.order);
  s.columns = s.vectors + s.patterns + (layout.causal ? s.order - 1 : 0);
  check_matrices_fit(s);
  return s;
}

void lay_out_queries(const VectorSets& sets, const Shape& s, DirectTarget& t) {
  t.bits.queries = Bits(s.slots + s.queries, s.columns);
  const std::uint64_t size = sets.sizes[0], start = s.causal ? size - s.slots % size : 0;
  for (std::uint64_t i = 0; i < s.slots + s.queries; ++i) {
    sets.write(0, (i + start) % size, t.bits.queries, i);
    for (std::size_t c = s.vectors; c < s.columns; ++c) t.bits.queries.set(i, c);
  }
  t.rows.push_back(s.slots + s.queries);
  t.first.push_back(0);
  t.shift.push_back(start);
}

/// Key matrix u.
void lay_out_keys(const VectorSets& sets, std::size_t u, const Shape& s, DirectTarget& t) {
  const std::uint64_t n = s.data[u - 1], first = s.causal ? 1 : 0, pad = s.causal ? 0 : n;
  Bits keys(s.causal ? s.slots + s.queries : n + 1, s.columns);
  std::vector<bool> ones(keys.rows, false);
  for (std::uint64_t j = 0; j < keys.rows; ++j) {
    const bool is_pad = j == pad, is_data = !is_pad && j < first + n;
    ones[j] = is_data;
    if (is_data) sets.write(u, (j - first) % sets.sizes[u], keys, j);
    for (std::size_t pattern = 1; (is_pad || is_data) && pattern <= s.patterns; ++pattern)
      if (is_pad == (((pattern >> (u - 1)) & 1) != 0)) keys.set(j, s.vectors + pattern - 1);
    for (std::size_t w = 1; s.causal && w < s.order; ++w)
      if (!(is_pad || is_data) || w != u) keys.set(j, s.vectors + s.patterns + w - 1);
  }
  t.bits.keys.push_back(std::move(keys));
  t.bits.ones.push_back(std::move(ones));
  t.rows.push_back(n);
  t.first.push_back(first);
  t.shift.push_back(s.causal ? sets.sizes[u] - 1 : 0);
}

/// Data tuples, and under a mask what query slots may weigh.
mpz_class outweighed_tuples(const Shape& s, const mpz_class& main) {
  if (!s.causal) return main;
  mpz_class extra(s.queries);
  for (std::size_t u = 2; u < s.order; ++u) extra *= mpz_class(s.slots);
  return std::max(main, extra);
}

/// Weights are told in units of e^0, what a tuple of product 0 weighs; one of product 1 weighs e^-gamma. Under a mask a query also
/// sees tuples of which j >= 1 keys are of query slots: (slots + queries e^-gamma)^(k-1) without its term for j = 0 bounds them.
void set_thresholds(const Shape& s, const mpz_class& main, const mpq_class& gamma, DirectTarget& t) {
  mpz_class all = 1;
  for (const std::uint64_t data : s.data) all *= mpz_class(data + 1);
  const mpz_class mixed = all - main - 1;
  t.yes_at_least.add(0, 1, 2);
  t.yes_at_least.add(-gamma, 0, mixed);
  t.no_at_most.add(0, 0, 1);
  t.no_at_most.add(-gamma, main, main + mixed);
  const std::size_t keys = s.data.size();
  for (std::size_t j = 1; s.causal && j <= keys; ++j)
    t.yes_at_least.add(-gamma * mpz_class(j), 0,
                       choose(keys, j) * power(mpz_class(s.slots), keys - j) * power(mpz_class(s.queries), j));
}

}  // namespace

VectorSets vector_sets(const std::vector<Bits>& sets) {
  VectorSets all;
  for (const Bits& set : sets) all.sizes.push_back(set.rows);
  all.columns = sets.empty() ? 0 : sets[0].columns;
  all.write = [&sets](std::size_t u, std::uint64_t row, Bits& to, std::size_t to_row) {
    for (std::size_t c = 0; c < sets[u].columns; ++c)
      if (sets[u].get(row, c)) to.set(to_row, c);
  };
  return all;
}

void check_order(std::size_t order) { require(order >= 2 && order <= 24, "order must be 2 to 24"); }

std::size_t mixed_patterns(std::size_t order) { return (std::size_t{1} << (order - 1)) - 2; }

DirectTarget lay_out(const VectorSets& sets, const DirectLayout& layout) {
  const std::size_t k = sets.sizes.size();
  check_order(k);
  require(!layout.centred || k == 2, "centred keys are for order 2");
  const Shape s = shape_of(sets, layout);
  DirectTarget t;
  t.bits.sign = -1;
  t.bits.centred = layout.centred;
  t.sizes = sets.sizes;
  lay_out_queries(sets, s, t);
  for (std::size_t u = 1; u < k; ++u) lay_out_keys(sets, u, s, t);
  mpz_class main = 1;
  for (const std::uint64_t data : s.data) main *= mpz_class(data);
  t.softmax_scale = 1.0 / static_cast<double>(s.columns);
  const mpq_class scale = (layout.centred ? 2 : 1) * mpq_class(t.softmax_scale);
  t.entry_bound = least_bound(mpq_class(outweighed_tuples(s, main)) / layout.delta, scale, k, layout.significand_bits);
  set_thresholds(s, main, power(mpq_class(t.entry_bound), k) * scale, t);
  return t;
}

}  // namespace checker
