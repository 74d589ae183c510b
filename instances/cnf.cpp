// SPDX-License-Identifier: MIT
#include "instances/cnf.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "support/errors.hpp"

namespace gapwright {

void check_well_formed(const Cnf& cnf) {
  for (std::size_t c = 0; c < cnf.clauses.size(); ++c)
    for (const std::int32_t literal : cnf.clauses[c])
      if (literal == 0 || literal == INT32_MIN || static_cast<std::size_t>(std::abs(literal)) > cnf.variables)
        throw BadInstance("clause " + std::to_string(c + 1) + ": literal " + std::to_string(literal) + " is not among the " +
                          std::to_string(cnf.variables) + " variables");
}

std::size_t violated_clauses(const Cnf& cnf, const Cnf::Witness& assignment) {
  const auto satisfied = [&](const Cnf::Clause& clause) {
    return std::any_of(clause.begin(), clause.end(), [&](std::int32_t literal) {
      return assignment[static_cast<std::size_t>(std::abs(literal)) - 1] == (literal > 0);
    });
  };
  return cnf.clauses.size() - static_cast<std::size_t>(std::count_if(cnf.clauses.begin(), cnf.clauses.end(), satisfied));
}

bool accepts(const Cnf& cnf, const Cnf::Witness& assignment) {
  return assignment.size() == cnf.variables && violated_clauses(cnf, assignment) == 0;
}

}  // namespace gapwright
