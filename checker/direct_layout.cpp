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

}  // namespace

DirectTarget lay_out(const std::vector<Bits>& sets, const DirectLayout& layout) {
  const std::size_t k = sets.size();
  require(k >= 2 && k <= 24, "the order of the direct embedding is 2 to 24");
  require(!layout.centred || k == 2, "centred keys are for order 2");
  DirectTarget t;
  std::uint64_t side = 0, most_keys = 0;
  for (std::size_t u = 0; u < k; ++u) {
    require(sets[u].rows > 0, "a set of vectors is empty: there is no attention input");
    t.sizes.push_back(sets[u].rows);
    side = std::max<std::uint64_t>(side, sets[u].rows + (u > 0));
    if (u > 0) most_keys = std::max<std::uint64_t>(most_keys, sets[u].rows);
  }
  std::uint64_t queries = layout.square ? side : t.sizes[0];
  std::vector<std::uint64_t> data;
  for (std::size_t u = 1; u < k; ++u) data.push_back(layout.square ? side - 1 : layout.causal ? most_keys : t.sizes[u]);
  const std::uint64_t slots = layout.causal ? data[0] + 1 : 0;
  const std::size_t vectors = sets[0].columns, patterns = (std::size_t{1} << (k - 1)) - 2;
  const std::size_t columns = vectors + patterns + (layout.causal ? k - 1 : 0);
  check_room(mpz_class(k) * mpz_class(slots + queries + side) * mpz_class(columns / 8 + 8), "the target, built again");

  t.bits.sign = -1;
  t.bits.centred = layout.centred;
  t.bits.queries = Bits(slots + queries, columns);
  const std::uint64_t start = layout.causal ? t.sizes[0] - slots % t.sizes[0] : 0;
  for (std::uint64_t i = 0; i < slots + queries; ++i) {
    copy_vector(sets[0], (i + start) % t.sizes[0], t.bits.queries, i);
    for (std::size_t c = vectors; c < columns; ++c) t.bits.queries.set(i, c);
  }
  t.rows.push_back(slots + queries);
  t.first.push_back(0);
  t.shift.push_back(start);
  mpz_class main = 1, all = 1;
  for (std::size_t u = 1; u < k; ++u) {
    const std::uint64_t n = data[u - 1], first = layout.causal ? 1 : 0, pad = layout.causal ? 0 : n;
    Bits keys(layout.causal ? slots + queries : n + 1, columns);
    std::vector<bool> ones(keys.rows, false);
    for (std::uint64_t j = 0; j < keys.rows; ++j) {
      const bool is_pad = j == pad, is_data = !is_pad && j < first + n;
      ones[j] = is_data;
      if (is_data) copy_vector(sets[u], (j - first) % t.sizes[u], keys, j);
      for (std::size_t pattern = 1; (is_pad || is_data) && pattern <= patterns; ++pattern)
        if (is_pad == (((pattern >> (u - 1)) & 1) != 0)) keys.set(j, vectors + pattern - 1);
      for (std::size_t w = 1; layout.causal && w < k; ++w)
        if (!(is_pad || is_data) || w != u) keys.set(j, vectors + patterns + w - 1);
    }
    t.bits.keys.push_back(std::move(keys));
    t.bits.ones.push_back(std::move(ones));
    t.rows.push_back(n);
    t.first.push_back(first);
    t.shift.push_back(layout.causal ? t.sizes[u] - 1 : 0);
    main *= mpz_class(n);
    all *= mpz_class(n + 1);
  }
  t.softmax_scale = 1.0 / static_cast<double>(columns);
  const int factor = layout.centred ? 2 : 1;
  mpz_class outweighed = main;  // data tuples, and under a mask what query slots may weigh
  if (layout.causal) {
    mpz_class extra_slots(queries);
    for (std::size_t u = 2; u < k; ++u) extra_slots *= mpz_class(slots);
    outweighed = std::max(main, extra_slots);
  }
  t.entry_bound =
      least_bound(mpq_class(outweighed) / layout.delta, factor * mpq_class(t.softmax_scale), k, layout.significand_bits);
  Interval decay(kLayoutPrecision);
  const mpq_class score = -factor * power(mpq_class(t.entry_bound), k) * mpq_class(t.softmax_scale);
  mpfi_set_q(decay.raw(), score.get_mpq_t());
  mpfi_exp(decay.raw(), decay.raw());
  const Interval extra = extra_weight(slots, queries, decay, k - 1);
  set_thresholds(t, main, all - main - 1, layout.causal ? &extra : nullptr, decay);
  return t;
}

}  // namespace checker
