// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "codes/field.hpp"
#include "support/progress.hpp"

namespace gapwright {

/// coefficient * x_1^exponent * pi_1^[class != 0] * x_2^{e_2} ... x_m^{e_m}, where pi_1 = x_1^{q-1} + 1 and the class
/// is sum e_l q^{m-l}: the pole order at P modulo q^{m-1}.
struct TowerTerm {
  std::int32_t exponent;
  std::uint32_t monomial_class;
  Symbol coefficient;  ///< in F_p

  bool operator==(const TowerTerm&) const = default;
};

/// A function without poles outside P; its leading term has coefficient 1 and comes last, terms by increasing pole
/// order.
struct TowerFunction {
  std::size_t order;
  std::vector<TowerTerm> terms;
};

/// A basis of all functions without poles outside P over the polynomials in x_1: function c has the least pole order of
/// all that are c modulo q^{m-1}.
struct TowerFunctions {
  std::uint32_t q;
  unsigned level;
  std::vector<TowerFunction> functions;
};

/// The closed form where there is one, else the general algorithm.
TowerFunctions tower_functions(std::uint32_t q, unsigned m, const Progress& progress = {});

}  // namespace gapwright
