// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "instances/cnf.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "support/philox.hpp"

// Small random instances that lean towards corners: empty, tautological and repeated clauses, unused variables, tiny and unequal
// sets.
namespace gapwright {

inline Cnf corner_cnf(Random& random, std::size_t most_variables, std::size_t most_clauses) {
  Cnf cnf;
  cnf.variables = random.below(most_variables + 1);
  const std::size_t clauses = random.below(most_clauses + 1);
  for (std::size_t c = 0; c < clauses; ++c) {
    Cnf::Clause clause;
    const std::size_t width = cnf.variables == 0 ? 0 : random.below(32) == 0 ? 0 : 1 + random.below(4);
    for (std::size_t l = 0; l < width; ++l) {
      const auto variable = static_cast<std::int32_t>(random.below(cnf.variables) + 1);
      clause.push_back(random.bit() ? variable : -variable);
    }
    cnf.clauses.push_back(random.below(8) == 0 && c > 0 ? cnf.clauses.back() : clause);
  }
  return cnf;
}

inline OrthogonalVectors corner_vectors(Random& random, std::size_t order, std::size_t most_rows, std::size_t most_columns) {
  OrthogonalVectors ov;
  ov.dimension = 1 + random.below(most_columns);
  const std::uint64_t density = 1 + random.below(8);
  for (std::size_t u = 0; u < order; ++u) {
    BitMatrix set(1 + random.below(most_rows), ov.dimension);
    for (std::size_t r = 0; r < set.rows; ++r)
      for (std::size_t c = 0; c < ov.dimension; ++c) set.set(r, c, random.below(8) < density);
    ov.sets.push_back(std::move(set));
  }
  return ov;
}

}  // namespace gapwright
