// SPDX-License-Identifier: MIT
#include "reductions/listable.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "support/errors.hpp"

namespace gapwright {

void check_listable(const Cnf& cnf, std::size_t order) {
  const std::size_t group = (cnf.variables + order - 1) / order;
  const std::string name = cnf.made_by.sources.empty() ? "formula" : cnf.made_by.sources[0].name;
  if (group >= 48)
    throw LimitReached(name + ": " + std::to_string(cnf.variables) + " variables; at k = " + std::to_string(order) +
                       " the first set has 2^" + std::to_string(group) + " vectors, which no memory holds; " +
                       ((cnf.variables + 23) / 24 < 48 ? "use a larger `order` (up to 24) or a smaller formula"
                                                       : "no `order` up to 24 holds them; use a smaller formula"));
}

void check_formula_numbers(std::size_t variables, std::size_t clauses) {
  constexpr std::size_t kMostVariables = INT32_MAX, kMostClauses = kMostCounted;
  if (variables > kMostVariables)
    throw std::invalid_argument("`variables=" + std::to_string(variables) + "`: at most " + std::to_string(kMostVariables));
  if (clauses > kMostClauses)
    throw std::invalid_argument("`clauses=" + std::to_string(clauses) + "`: at most " + std::to_string(kMostClauses));
}

}  // namespace gapwright
