// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "instances/provenance.hpp"

namespace gapwright {

/// A formula in conjunctive normal form: is there an assignment that satisfies every clause?
struct Cnf {
  using Witness = std::vector<bool>;         ///< value of variable v at position v - 1
  using Clause = std::vector<std::int32_t>;  ///< DIMACS literals: v or -v with 1 <= v <= variables

  std::size_t variables = 0;
  std::vector<Clause> clauses;
  Provenance made_by;
};

/// Throws BadInstance naming the first clause with a literal that is 0 or out of range.
void check_well_formed(const Cnf&);

/// True iff the assignment has one value per variable and satisfies every clause.
bool accepts(const Cnf&, const Cnf::Witness&);

/// Number of clauses that a complete assignment (one value per variable) leaves unsatisfied.
std::size_t violated_clauses(const Cnf&, const Cnf::Witness&);

}  // namespace gapwright
