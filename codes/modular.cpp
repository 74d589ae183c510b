// SPDX-License-Identifier: MIT
#include "codes/modular.hpp"

namespace gapwright {

std::vector<std::vector<std::uint32_t>> binomials_modulo(std::uint32_t p, std::uint32_t count) {
  std::vector<std::vector<std::uint32_t>> rows(count);
  for (std::uint32_t n = 0; n < count; ++n) {
    rows[n].assign(n + 1, 1);
    for (std::uint32_t k = 1; k < n; ++k) rows[n][k] = (rows[n - 1][k - 1] + rows[n - 1][k]) % p;
  }
  return rows;
}

std::uint32_t inverse_modulo(std::uint32_t a, std::uint32_t p) {
  std::uint64_t result = 1;
  std::uint64_t base = a;
  for (std::uint32_t exponent = p - 2; exponent > 0; exponent /= 2, base = base * base % p) {
    if (exponent % 2) result = result * base % p;
  }
  return static_cast<std::uint32_t>(result);
}

std::size_t integer_power(std::size_t base, unsigned exponent) {
  std::size_t result = 1;
  while (exponent-- > 0) result *= base;
  return result;
}

}  // namespace gapwright
