// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

namespace gapwright {

/// binom(n, k) modulo p for k <= n < count.
std::vector<std::vector<std::uint32_t>> binomials_modulo(std::uint32_t p, std::uint32_t count);

/// The inverse of a modulo the prime p, 0 < a < p.
std::uint32_t inverse_modulo(std::uint32_t a, std::uint32_t p);

/// base^exponent as an integer; the callers have made sure that it fits.
std::size_t integer_power(std::size_t base, unsigned exponent);

}  // namespace gapwright
