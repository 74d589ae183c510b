// SPDX-License-Identifier: MIT
#include "verify/brute_force.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace gapwright {

CnfCensus enumerate_assignments(const Cnf& cnf) {
  if (cnf.variables > 30) throw std::invalid_argument("brute force stops at 30 variables, not " + std::to_string(cnf.variables));
  CnfCensus census;
  census.fewest_violated = cnf.clauses.size() + 1;
  Cnf::Witness assignment(cnf.variables);
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << cnf.variables; ++bits) {
    for (std::size_t v = 0; v < cnf.variables; ++v) assignment[v] = (bits >> v) & 1;
    const std::size_t violated = violated_clauses(cnf, assignment);
    census.fewest_violated = std::min(census.fewest_violated, violated);
    if (violated != 0) continue;
    ++census.models;
    if (!census.model) census.model = assignment;
  }
  return census;
}

OrthogonalCensus enumerate_tuples(const OrthogonalVectors& ov) {
  std::uint64_t tuples = 1;
  for (const BitMatrix& set : ov.sets) {
    if (set.rows == 0) return {};
    if (__builtin_mul_overflow(tuples, std::uint64_t{set.rows}, &tuples) || tuples > std::uint64_t{1} << 30)
      throw std::invalid_argument("brute force stops at 2^30 tuples");
  }
  OrthogonalCensus census;
  OrthogonalVectors::Witness tuple(ov.sets.size());
  for (std::uint64_t number = 0; number < tuples; ++number) {
    std::uint64_t rest = number;
    for (std::size_t u = ov.sets.size(); u-- > 0; rest /= ov.sets[u].rows) tuple[u] = rest % ov.sets[u].rows;
    if (!accepts(ov, tuple)) continue;
    ++census.orthogonal;
    if (!census.first) census.first = tuple;
  }
  return census;
}

}  // namespace gapwright
