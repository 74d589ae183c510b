// SPDX-License-Identifier: MIT
// A formula on the direct route, written from docs/reductions.md sections 1 and 2.
//
// Split and list: the variables in order fall into k groups, the first N mod k of them one larger; set u lists all assignments
// alpha of its group, and a vector has a 1 for every clause that alpha does not satisfy. A formula without clauses has one
// coordinate that is always 0. Direct embedding: queries -B (x, 1..1), data keys B (x, b), one pad key B (0, b) per key matrix;
// there is one extra coordinate for each mixed pattern of data and pad over the key matrices, and b has a 1 where the pattern
// names the key's own kind. Values are 1 on data, 0 on the pad. B is the least double with B^k / d' >= ln Nmain + ln 16.
#include "checker/embedding.hpp"

#include "checker/direct_layout.hpp"
#include "checker/errors.hpp"
#include "checker/instances.hpp"
#include "checker/quotient.hpp"
#include "checker/room.hpp"

namespace checker {
namespace {

constexpr unsigned long kThresholdWidth = 64;

/// Row alpha: the clauses that no literal of alpha satisfies, in the first columns of `columns`.
Bits listed(const Formula& formula, std::size_t first_variable, std::size_t group, std::size_t extra_rows, std::size_t columns) {
  Bits bits((std::size_t{1} << group) + extra_rows, columns);
  for (std::size_t alpha = 0; alpha < std::size_t{1} << group; ++alpha)
    for (std::size_t c = 0; c < formula.clauses.size(); ++c) {
      bool satisfied = false;
      for (const std::int64_t literal : formula.clauses[c]) {
        const std::size_t variable = static_cast<std::size_t>(literal < 0 ? -literal : literal) - 1;
        if (variable >= first_variable && variable < first_variable + group)
          satisfied |= ((alpha >> (variable - first_variable)) & 1) == (literal > 0 ? 1U : 0U);
      }
      if (!satisfied) bits.set(alpha, c);
    }
  return bits;
}

/// Room for `copies` of all vectors of bits, before they are built.
void check_vectors_fit(const std::vector<std::size_t>& groups, std::size_t dimension, unsigned copies) {
  if (groups[0] > 26)
    throw Limit("the formula has " + std::to_string(groups[0]) + " variables in a group: 2^" + std::to_string(groups[0]) +
                " vectors");
  mpz_class rows = 0;
  for (const std::size_t group : groups) rows += mpz_class((std::size_t{1} << group) + 1);
  check_room(copies * rows * mpz_class(dimension / 8 + 8),
             "the formula's " + rows.get_str() + " vectors of dimension " + std::to_string(dimension));
}

mpq_class exact_power(double x, std::size_t k) {
  mpq_class result = 1;
  for (std::size_t u = 0; u < k; ++u) result *= mpq_class(x);
  return result;
}

}  // namespace

EmbeddedFormula embed_formula(const Formula& formula, std::size_t order) {
  require(order >= 2 && order <= 24, "order must be 2 to 24");
  const auto groups = group_sizes(formula, order);
  const std::size_t vectors = std::max<std::size_t>(formula.clauses.size(), 1), patterns = (std::size_t{1} << (order - 1)) - 2;
  const std::size_t dimension = vectors + patterns;
  check_vectors_fit(groups, dimension,
                    order < 8 ? 2 : 4);  // the vectors, and the trees of the recount: two masks for 8 to 16 of them, or for each
  EmbeddedFormula e;
  e.bits.sign = -1;
  mpz_class main = 1, all = 1;
  for (std::size_t u = 0, first = 0; u < order; first += groups[u++]) {
    const std::size_t data = std::size_t{1} << groups[u];
    Bits bits = listed(formula, first, groups[u], u == 0 ? 0 : 1, dimension);
    for (std::size_t row = 0; row < bits.rows; ++row)
      for (std::size_t pattern = 1; pattern <= patterns; ++pattern) {  // bit u - 1 of a pattern: key matrix u shows its pad
        const bool pad = u > 0 && row == data, named_pad = u > 0 && ((pattern >> (u - 1)) & 1) != 0;
        if (u == 0 || pad == named_pad) bits.set(row, vectors + pattern - 1);
      }
    if (u == 0) {
      e.bits.queries = std::move(bits);
      continue;
    }
    e.bits.ones.emplace_back(data + 1, true);
    e.bits.ones.back().back() = false;
    e.bits.keys.push_back(std::move(bits));
    main *= mpz_class(data);
    all *= mpz_class(data + 1);
  }
  const double scale = 1.0 / static_cast<double>(dimension),
               bound = least_bound(mpq_class(16 * main), mpq_class(scale), order, 53);
  e.terms.softmax_scale = mpq_class(scale);
  e.terms.entry_bound = mpq_class(bound);
  const mpq_class gamma = exact_power(bound, order) * mpq_class(scale), mixed(all - main - 1), tuples(main);
  Quotient yes, no;
  yes.add(0, 1, 2);
  yes.add(-gamma, 0, mixed);
  no.add(0, 0, 1);
  no.add(-gamma, tuples, tuples + mixed);
  e.terms.yes_at_least = scaled(yes.scaled_floor(kThresholdWidth), kThresholdWidth);
  e.terms.no_at_most = scaled(no.scaled_floor(kThresholdWidth) + 1, kThresholdWidth);
  return e;
}

std::vector<std::size_t> group_sizes(const Formula& formula, std::size_t order) {
  std::vector<std::size_t> sizes;
  for (std::size_t u = 0; u < order; ++u) sizes.push_back(formula.variables / order + (u < formula.variables % order ? 1 : 0));
  return sizes;
}

std::vector<Bits> list_formula(const Formula& formula, std::size_t order) {
  require(order >= 2 && order <= 24, "order must be 2 to 24");
  const auto groups = group_sizes(formula, order);
  check_vectors_fit(groups, std::max<std::size_t>(formula.clauses.size(), 1), 1);
  std::vector<Bits> sets;
  std::size_t first = 0;
  for (const std::size_t group : groups) {
    sets.push_back(listed(formula, first, group, 0, std::max<std::size_t>(formula.clauses.size(), 1)));
    first += group;
  }
  return sets;
}

std::vector<std::int64_t> lift(const Formula& formula, const std::vector<std::uint64_t>& tuple) {
  const auto groups = group_sizes(formula, tuple.size());
  std::vector<std::int64_t> literals;
  for (std::size_t u = 0; u < tuple.size(); ++u)
    for (std::size_t b = 0; b < groups[u]; ++b) {
      const auto variable = static_cast<std::int64_t>(literals.size()) + 1;
      literals.push_back(b < 64 && ((tuple[u] >> b) & 1) != 0 ? variable : -variable);
    }
  return literals;
}

}  // namespace checker
