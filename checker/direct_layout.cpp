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

Interval of(const mpz_class& n) {
  Interval x(kLayoutPrecision);
  mpfi_set_z(x.raw(), n.get_mpz_t());
  return x;
}

/// (slots + queries decay)^(k-1) - slots^(k-1): what the keys of query slots can weigh.
Interval extra_weight(const mpz_class& slots, const mpz_class& queries, const Interval& decay, std::size_t keys) {
  Interval all = of(1), base = of(queries);
  mpfi_mul(base.raw(), base.raw(), decay.raw());
  mpfi_add(base.raw(), base.raw(), of(slots).raw());
  mpz_class without = 1;
  for (std::size_t u = 0; u < keys; ++u) {
    mpfi_mul(all.raw(), all.raw(), base.raw());
    without *= slots;
  }
  mpfi_sub(all.raw(), all.raw(), of(without).raw());
  return all;
}

void set_thresholds(DirectTarget& t, const mpz_class& main, const mpz_class& mixed, const Interval* extra,
                    const Interval& decay) {
  Interval mixed_weight = of(mixed), no_weight = of(main), below = of(2);
  mpfi_mul(mixed_weight.raw(), mixed_weight.raw(), decay.raw());
  mpfi_mul(no_weight.raw(), no_weight.raw(), decay.raw());
  mpfi_add(below.raw(), below.raw(), mixed_weight.raw());
  if (extra) mpfi_add(below.raw(), below.raw(), extra->raw());
  mpfi_ui_div(t.yes_at_least.raw(), 1, below.raw());
  Interval all = no_weight;
  mpfi_add(all.raw(), all.raw(), of(1).raw());
  mpfi_add(all.raw(), all.raw(), mixed_weight.raw());
  mpfi_div(t.no_at_most.raw(), no_weight.raw(), all.raw());  // numerator and denominator are not independent, but both are narrow
}

void copy_vector(const Bits& from, std::size_t row, Bits& to, std::size_t to_row) {
  for (std::size_t c = 0; c < from.columns; ++c)
    if (from.get(row, c)) to.set(to_row, c);
}

/// Sizes of the target, before anything of it is made.
struct Shape {
  std::size_t order = 0, vectors = 0, patterns = 0, columns = 0;
  std::uint64_t queries = 0, slots = 0;  ///< slots: of keys, under a mask
  std::vector<std::uint64_t> data;       ///< data[u - 1]: keys that stand for vectors
  bool causal = false;
};

Shape shape_of(const std::vector<Bits>& sets, const DirectLayout& layout) {
  Shape s;
  s.order = sets.size();
  s.causal = layout.causal;
  std::uint64_t side = 0, most_keys = 0;
  for (std::size_t u = 0; u < s.order; ++u) {
    require(sets[u].rows > 0, "a set of vectors is empty: there is no attention input");
    side = std::max<std::uint64_t>(side, sets[u].rows + (u > 0));
    if (u > 0) most_keys = std::max<std::uint64_t>(most_keys, sets[u].rows);
  }
  s.queries = layout.square ? side : sets[0].rows;
  for (std::size_t u = 1; u < s.order; ++u) s.data.push_back(layout.square ? side - 1 : layout.causal ? most_keys : sets[u].rows);
  s.slots = layout.causal ? s.data[0] + 1 : 0;
  s.vectors = sets[0].columns;
  s.patterns = (std::size_t{1} << (s.order - 1)) - 2;
  s.columns = s.vectors + s.patterns + (layout.causal ? s.order - 1 : 0);
  check_room(mpz_class(s.order) * mpz_class(s.slots + s.queries + side) * mpz_class(s.columns / 8 + 8),
             "the target, built again");
  return s;
}

void lay_out_queries(const Bits& set, const Shape& s, DirectTarget& t) {
  t.bits.queries = Bits(s.slots + s.queries, s.columns);
  const std::uint64_t start = s.causal ? set.rows - s.slots % set.rows : 0;
  for (std::uint64_t i = 0; i < s.slots + s.queries; ++i) {
    copy_vector(set, (i + start) % set.rows, t.bits.queries, i);
    for (std::size_t c = s.vectors; c < s.columns; ++c) t.bits.queries.set(i, c);
  }
  t.rows.push_back(s.slots + s.queries);
  t.first.push_back(0);
  t.shift.push_back(start);
}

/// Key matrix u.
void lay_out_keys(const Bits& set, std::size_t u, const Shape& s, DirectTarget& t) {
  const std::uint64_t n = s.data[u - 1], first = s.causal ? 1 : 0, pad = s.causal ? 0 : n;
  Bits keys(s.causal ? s.slots + s.queries : n + 1, s.columns);
  std::vector<bool> ones(keys.rows, false);
  for (std::uint64_t j = 0; j < keys.rows; ++j) {
    const bool is_pad = j == pad, is_data = !is_pad && j < first + n;
    ones[j] = is_data;
    if (is_data) copy_vector(set, (j - first) % set.rows, keys, j);
    for (std::size_t pattern = 1; (is_pad || is_data) && pattern <= s.patterns; ++pattern)
      if (is_pad == (((pattern >> (u - 1)) & 1) != 0)) keys.set(j, s.vectors + pattern - 1);
    for (std::size_t w = 1; s.causal && w < s.order; ++w)
      if (!(is_pad || is_data) || w != u) keys.set(j, s.vectors + s.patterns + w - 1);
  }
  t.bits.keys.push_back(std::move(keys));
  t.bits.ones.push_back(std::move(ones));
  t.rows.push_back(n);
  t.first.push_back(first);
  t.shift.push_back(s.causal ? set.rows - 1 : 0);
}

/// Data tuples, and under a mask what query slots may weigh.
mpz_class outweighed_tuples(const Shape& s, const mpz_class& main) {
  if (!s.causal) return main;
  mpz_class extra(s.queries);
  for (std::size_t u = 2; u < s.order; ++u) extra *= mpz_class(s.slots);
  return std::max(main, extra);
}

}  // namespace

DirectTarget lay_out(const std::vector<Bits>& sets, const DirectLayout& layout) {
  const std::size_t k = sets.size();
  require(k >= 2 && k <= 24, "the order of the direct embedding is 2 to 24");
  require(!layout.centred || k == 2, "centred keys are for order 2");
  const Shape s = shape_of(sets, layout);
  DirectTarget t;
  t.bits.sign = -1;
  t.bits.centred = layout.centred;
  for (const Bits& set : sets) t.sizes.push_back(set.rows);
  lay_out_queries(sets[0], s, t);
  mpz_class main = 1, all = 1;
  for (std::size_t u = 1; u < k; ++u) {
    lay_out_keys(sets[u], u, s, t);
    main *= mpz_class(s.data[u - 1]);
    all *= mpz_class(s.data[u - 1] + 1);
  }
  t.softmax_scale = 1.0 / static_cast<double>(s.columns);
  const int factor = layout.centred ? 2 : 1;
  t.entry_bound = least_bound(mpq_class(outweighed_tuples(s, main)) / layout.delta, factor * mpq_class(t.softmax_scale), k,
                              layout.significand_bits);
  Interval decay(kLayoutPrecision);
  const mpq_class score = -factor * power(mpq_class(t.entry_bound), k) * mpq_class(t.softmax_scale);
  mpfi_set_q(decay.raw(), score.get_mpq_t());
  mpfi_exp(decay.raw(), decay.raw());
  const Interval extra = extra_weight(s.slots, s.queries, decay, k - 1);
  set_thresholds(t, main, all - main - 1, layout.causal ? &extra : nullptr, decay);
  return t;
}

}  // namespace checker
