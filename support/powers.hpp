// SPDX-License-Identifier: MIT
#pragma once

#include <gmpxx.h>

#include <cstddef>

namespace gapwright {

/// base^exponent; 0^0 = 1.
inline mpz_class power(const mpz_class& base, std::size_t exponent) {
  mpz_class result;
  mpz_pow_ui(result.get_mpz_t(), base.get_mpz_t(), exponent);
  return result;
}

inline mpq_class rational_power(const mpq_class& base, std::size_t exponent) {
  return {power(base.get_num(), exponent), power(base.get_den(), exponent)};  // in lowest terms as base is
}

}  // namespace gapwright
