// SPDX-License-Identifier: MIT
// k-SAT to k-OV: split and list [Wil05].
//
// The N variables, in order, fall into k groups; the first N mod k groups get one more. Set u lists all assignments alpha of group u
// (bit b of alpha is the value of the group's b-th variable), and its vector has a 1 in coordinate c iff alpha satisfies no literal of
// clause c.
//
// Yes maps to yes: under a model every clause has a true literal, which lies in some group, so each coordinate has a factor 0.
// No maps to no: a tuple with product 0 in every coordinate has, for every clause, a group whose assignment satisfies one of its
// literals; the joint assignment is a model. Tuples and assignments are in bijection, so the numbers of witnesses agree.
//
// Size: sum_u 2^{size of group u} vectors of max(M, 1) bits, exactly. With M = 0 one all-zero coordinate is appended, so that every
// tuple is orthogonal and no later step meets dimension 0.
// Built by doubling: the list of the first b variables of a group gives that of b + 1 with one AND per word, since a clause is
// untouched by an assignment iff it is untouched by each of its values.
//
// Example: (x1 or x2) and (not x1), k = 2: groups {x1}, {x2}; x0 = {11 -> alpha 0: 1 0; alpha 1: 0 1}, x1 = {1 1; 0 1}. Only
// (alpha 0, alpha 1) is orthogonal: x1 = false, x2 = true.
#include "reductions/sat_to_orthogonal_vectors.hpp"

#include <stdexcept>

#include "instances/zeros.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kVectorsBetweenLooks = 64;  // at the clock

/// Row 2 b + value: the clauses without a literal that "variable b of the group = value" satisfies.
BitMatrix untouched_clauses(const Cnf& cnf, std::size_t group_start, std::size_t group_size, std::size_t dimension) {
  BitMatrix untouched(2 * group_size, dimension);
  for (std::size_t r = 0; r < untouched.rows; ++r)
    for (std::size_t c = 0; c < cnf.clauses.size(); ++c) untouched.set(r, c);
  for (std::size_t c = 0; c < cnf.clauses.size(); ++c)
    for (const std::int32_t literal : cnf.clauses[c]) {
      const std::size_t variable = static_cast<std::size_t>(std::abs(literal)) - 1;
      if (variable < group_start || variable >= group_start + group_size) continue;
      untouched.set(2 * (variable - group_start) + (literal > 0), c, false);
    }
  return untouched;
}

/// One vector for each assignment to the group.
BitMatrix group_vectors(const BitMatrix& untouched, std::size_t clauses, const RunControl& control) {
  const std::size_t group_size = untouched.rows / 2;
  BitMatrix vectors = zero_bits(std::size_t{1} << group_size, untouched.columns, control);
  for (std::size_t c = 0; c < clauses; ++c) vectors.set(0, c);
  for (std::size_t b = 0; b < group_size; ++b) {
    const std::size_t half = std::size_t{1} << b;
    for (std::size_t alpha = 0; alpha < half; ++alpha) {
      if (alpha % kVectorsBetweenLooks == 0) control.check();
      for (std::size_t w = 0; w < vectors.words_per_row; ++w) {
        vectors.row(alpha + half)[w] = vectors.row(alpha)[w] & untouched.row(2 * b + 1)[w];
        vectors.row(alpha)[w] &= untouched.row(2 * b)[w];
      }
    }
  }
  return vectors;
}

}  // namespace

SatToOrthogonalVectors::SatToOrthogonalVectors(const Cnf& cnf, std::size_t order) : cnf_(cnf) {
  if (order < 2) throw std::invalid_argument("the order is " + std::to_string(order) + "; k-OV needs k >= 2");
  std::size_t start = 0;
  for (std::size_t u = 0; u < order; ++u) {
    group_sizes_.push_back(cnf.variables / order + (u < cnf.variables % order ? 1 : 0));
    group_starts_.push_back(start);
    start += group_sizes_.back();
  }
}

std::size_t SatToOrthogonalVectors::dimension() const { return cnf_.clauses.empty() ? 1 : cnf_.clauses.size(); }

mpz_class SatToOrthogonalVectors::set_size(std::size_t u) const { return mpz_class(1) << group_sizes_.at(u); }

Guarantee SatToOrthogonalVectors::guarantee() const {
  mpz_class vectors = 0;
  for (std::size_t u = 0; u < order(); ++u) vectors += set_size(u);
  return {"SAT to k-OV [Wil05]: models and orthogonal tuples are in bijection", 1, vectors * dimension(), 1, 0};
}

mpz_class SatToOrthogonalVectors::target_bytes() const {
  mpz_class vectors = 0;
  for (std::size_t u = 0; u < order(); ++u) vectors += set_size(u);
  return vectors * ((mpz_class(dimension()) + 63) / 64 * 8);
}

OrthogonalVectors SatToOrthogonalVectors::target(const mpz_class& i, const RunControl& control) const {
  if (i != 0) throw std::invalid_argument("SAT to k-OV has the one target 0, not " + i.get_str());
  OrthogonalVectors ov;
  ov.dimension = dimension();
  ov.made_by = cnf_.made_by;
  for (std::size_t u = 0; u < order(); ++u) {
    if (group_sizes_[u] >= 48)
      throw std::length_error("a group of " + std::to_string(group_sizes_[u]) + " variables cannot be listed");
    const BitMatrix untouched = untouched_clauses(cnf_, group_starts_[u], group_sizes_[u], ov.dimension);
    ov.sets.push_back(group_vectors(untouched, cnf_.clauses.size(), control));
  }
  return ov;
}

std::pair<mpz_class, OrthogonalVectors::Witness> SatToOrthogonalVectors::push(const Cnf::Witness& assignment) const {
  if (assignment.size() != cnf_.variables) throw std::invalid_argument("the assignment has the wrong number of variables");
  OrthogonalVectors::Witness tuple(order(), 0);
  for (std::size_t u = 0; u < order(); ++u)
    for (std::size_t b = 0; b < group_sizes_[u]; ++b)
      if (assignment[group_starts_[u] + b]) tuple[u] |= std::size_t{1} << b;
  return {0, tuple};
}

Cnf::Witness SatToOrthogonalVectors::pull(const mpz_class& i, const OrthogonalVectors::Witness& tuple) const {
  if (i != 0 || tuple.size() != order())
    throw std::invalid_argument("the witness is not a tuple of order " + std::to_string(order()));
  Cnf::Witness assignment(cnf_.variables);
  for (std::size_t u = 0; u < order(); ++u)
    for (std::size_t b = 0; b < group_sizes_[u]; ++b) assignment[group_starts_[u] + b] = (tuple[u] >> b) & 1;
  return assignment;
}

std::vector<LiftStep> SatToOrthogonalVectors::lift() const {
  LiftStep step{"cnf -> orthogonal-vectors", LiftStep::Kind::bits, {}, {}, {}, {}};
  std::int32_t next = 1;
  for (const std::size_t size : group_sizes_) {
    step.variables.emplace_back();
    for (std::size_t b = 0; b < size; ++b) step.variables.back().push_back(next++);
  }
  return {step};
}

static_assert(Reduction<SatToOrthogonalVectors>);

}  // namespace gapwright
