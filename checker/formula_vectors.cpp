// SPDX-License-Identifier: MIT
// Split and list, written from docs/reductions.md section 1: the variables in order fall into k groups, the first N mod k of them
// one larger; set u lists all assignments alpha of its group, and a vector has a 1 for every clause that alpha does not satisfy.
// A formula without clauses has one coordinate that is always 0. The embedding is that of any vectors (direct_layout.cpp): it
// takes each vector as it is listed, so that no second copy of them all is ever held.
#include "checker/formula_vectors.hpp"

#include <algorithm>

#include "checker/errors.hpp"
#include "checker/room.hpp"

namespace checker {
namespace {

constexpr unsigned long kThresholdWidth = 64;

/// Variables first + 1, ..., first + count, and the assignment of them that the bits of alpha are.
struct Group {
  std::size_t first = 0, count = 0;
  bool satisfies(std::uint64_t alpha, const std::vector<std::int64_t>& clause) const {
    return std::any_of(clause.begin(), clause.end(), [&](std::int64_t literal) {
      const std::size_t variable = static_cast<std::size_t>(literal < 0 ? -literal : literal) - 1;
      return variable >= first && variable < first + count && ((alpha >> (variable - first)) & 1) == (literal > 0 ? 1U : 0U);
    });
  }
};

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

/// The vectors, listed one by one as they are asked for. The formula must stay.
VectorSets vectors_of(const Formula& formula, const std::vector<std::size_t>& groups) {
  std::vector<Group> parts;
  VectorSets sets;
  for (const std::size_t count : groups) {
    parts.push_back({parts.empty() ? 0 : parts.back().first + parts.back().count, count});
    sets.sizes.push_back(std::uint64_t{1} << count);
  }
  sets.columns = std::max<std::size_t>(formula.clauses.size(), 1);
  sets.write = [&formula, parts](std::size_t u, std::uint64_t alpha, Bits& to, std::size_t row) {
    for (std::size_t c = 0; c < formula.clauses.size(); ++c)
      if (!parts[u].satisfies(alpha, formula.clauses[c])) to.set(row, c);
  };
  return sets;
}

/// Groups that the order makes, once their vectors are known to fit `copies` times with so many more coordinates.
std::vector<std::size_t> fitting_groups(const Formula& formula, std::size_t order, std::size_t more_columns, unsigned copies) {
  auto groups = group_sizes(formula, order);
  check_vectors_fit(groups, std::max<std::size_t>(formula.clauses.size(), 1) + more_columns, copies);
  return groups;
}

}  // namespace

EmbeddedFormula embed_formula(const Formula& formula, std::size_t order) {
  check_order(order);
  const unsigned copies = order < 8 ? 2 : 4;  // the vectors, and the recount's trees: two masks for 8 to 16 of them, or for each
  DirectTarget t = lay_out(vectors_of(formula, fitting_groups(formula, order, mixed_patterns(order), copies)), {});
  return {{mpq_class(t.softmax_scale), mpq_class(t.entry_bound),
           scaled(t.yes_at_least.scaled_floor(kThresholdWidth), kThresholdWidth),
           scaled(t.no_at_most.scaled_floor(kThresholdWidth) + 1, kThresholdWidth)},
          std::move(t.bits)};
}

std::vector<std::size_t> group_sizes(const Formula& formula, std::size_t order) {
  std::vector<std::size_t> sizes;
  for (std::size_t u = 0; u < order; ++u) sizes.push_back(formula.variables / order + (u < formula.variables % order ? 1 : 0));
  return sizes;
}

std::vector<Bits> list_formula(const Formula& formula, std::size_t order) {
  check_order(order);
  const VectorSets sets = vectors_of(formula, fitting_groups(formula, order, 0, 1));
  std::vector<Bits> listed;
  for (std::size_t u = 0; u < order; ++u) {
    Bits& set = listed.emplace_back(sets.sizes[u], sets.columns);
    for (std::size_t alpha = 0; alpha < set.rows; ++alpha) sets.write(u, alpha, set, alpha);
  }
  return listed;
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
