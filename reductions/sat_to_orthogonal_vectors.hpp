// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "instances/cnf.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/reduction.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// k-SAT to k-OV by splitting the variables into k groups and listing each group's assignments [Wil05]; any k >= 2.
/// Measured quantity of the guarantee: the number of orthogonal tuples.
class SatToOrthogonalVectors {
 public:
  using Source = Cnf;
  using Target = OrthogonalVectors;

  /// Throws std::invalid_argument when order < 2. The formula must be well formed and outlive the rule.
  SatToOrthogonalVectors(const Cnf& cnf, std::size_t order);

  std::size_t order() const { return group_sizes_.size(); }
  std::size_t dimension() const;            ///< coordinates per vector: the clauses, at least 1
  mpz_class set_size(std::size_t u) const;  ///< 2^(variables of group u)

  Guarantee guarantee() const;
  mpz_class target_bytes() const;  ///< of memory: rows begin at words of 64 bits
  OrthogonalVectors target(const mpz_class& i, const RunControl& control = {}) const;
  std::pair<mpz_class, OrthogonalVectors::Witness> push(const Cnf::Witness& assignment) const;
  Cnf::Witness pull(const mpz_class& i, const OrthogonalVectors::Witness& tuple) const;
  std::vector<LiftStep> lift() const;

 private:
  const Cnf& cnf_;
  std::vector<std::size_t> group_sizes_;   // in variables
  std::vector<std::size_t> group_starts_;  // first variable of each group, 0-based
};

}  // namespace gapwright
