// SPDX-License-Identifier: MIT
// The functions without poles outside P at levels 1, 2 and 3 of the tower, written down.
//
// Built: level 1: the function 1. Level 2: 1 and pi_1 x_2^e. Level 3: 1 and, for (i, j) != (0, 0),
// f_{i,j} = pi_1 sum_{s <= j} binom(j, s) x_3^{j-s} x_1^{-s} [x_2^{i + 2s}], where [x_2^n] replaces x_2^q by -x_2 until the
// exponent is below q. Why (docs/codes.md, Theorem C6): x_2 has no pole over x_1 = 0, and neither has y = x_3 + x_2^2 / x_1,
// because y^q + y = x_2 + (x_2^q - x_2) / pi_1; the reduction adds only terms that are regular there; and the factor pi_1 is what
// the places over pi_1 = 0 ask for.
// Size law: the leading term has s = 0, so f_{i,j} has order q^3 - q^2 + q i + j; at most j + 1 <= q terms each.
// Example (a test repeats it): q = 3, level 3 has orders 0, 19, 20, ..., 26.
#include "codes/tower_closed_forms.hpp"

#include <stdexcept>

#include "codes/modular.hpp"

namespace gapwright {

TowerFunctions closed_form_tower_functions(std::uint32_t q, unsigned m) {
  if (m < 1 || m > 3) throw std::invalid_argument("closed forms exist at levels 1 to 3, not " + std::to_string(m));
  const std::uint32_t p = prime_power(q)->prime;
  TowerFunctions result{q, m, {{0, {{0, 0, 1}}}}};
  if (m == 2) {
    for (std::uint32_t e = 1; e < q; ++e) result.functions.push_back({std::size_t{q} * (q - 1) + e, {{0, e, 1}}});
  }
  if (m == 3) {
    const auto binomials = binomials_modulo(p, q);
    const std::size_t lowest = std::size_t{q} * q * (q - 1);
    for (std::uint32_t c = 1; c < q * q; ++c) {
      const std::uint32_t i = c / q;
      const std::uint32_t j = c % q;
      TowerFunction f{lowest + c, {}};
      for (std::uint32_t s = j + 1; s-- > 0;) {  // the term s = 0 has the largest order
        std::uint32_t coefficient = binomials[j][s];
        std::uint32_t exponent = i + 2 * s;
        for (; exponent >= q; exponent -= q - 1) coefficient = (p - coefficient) % p;  // x_2^q -> -x_2
        if (coefficient != 0) {
          f.terms.push_back({-static_cast<std::int32_t>(s), exponent * q + j - s, static_cast<Symbol>(coefficient)});
        }
      }
      result.functions.push_back(std::move(f));
    }
  }
  return result;
}

}  // namespace gapwright
