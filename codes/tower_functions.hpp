// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "codes/field.hpp"
#include "support/progress.hpp"

namespace gapwright {

/// What theory says about level m of the tower over F_{q^2}: [GS96] for the genus, [PST99] for the semigroup at P.
std::size_t tower_length(std::uint32_t q, unsigned m);     ///< (q^2 - q) q^(m-1) places over x_1 = a with a^q + a != 0
std::size_t tower_genus(std::uint32_t q, unsigned m);      ///< the number of gaps
std::size_t tower_conductor(std::uint32_t q, unsigned m);  ///< every integer from here on is a pole order
/// The pole orders up to `top`, increasing: S_1 = {0, 1, ...}, S_m = q S_{m-1} and all integers from the conductor on.
std::vector<std::size_t> tower_semigroup(std::uint32_t q, unsigned m, std::size_t top);

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

/// The closed form, levels 1 to 3 (docs/codes.md, Theorem C6); throws std::invalid_argument beyond.
TowerFunctions closed_form_tower_functions(std::uint32_t q, unsigned m);
/// The algorithm that works at every level m >= 1 (docs/codes.md, Theorem C8).
TowerFunctions general_tower_functions(std::uint32_t q, unsigned m, const Progress& progress = {});
/// The closed form where there is one, else the general algorithm.
TowerFunctions tower_functions(std::uint32_t q, unsigned m, const Progress& progress = {});

}  // namespace gapwright
