// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

namespace gapwright {

/// Rational bounds of a real number, lower <= x <= upper, from correctly rounded MPFR at 192 bits. (The checking side computes the
/// same numbers with ball arithmetic; the two meet only in tests.)
struct RealBounds {
  mpq_class lower;
  mpq_class upper;
};
RealBounds exp_bounds(const mpq_class& x);  ///< below x = -1,000,000: 0 and the upper bound there
RealBounds log_bounds(const mpq_class& x);  ///< x > 0

/// The smallest number with `significand_bits` bits (53 for double) that is at least x^(1/k), for x > 0.
double root_rounded_up(const mpq_class& x, unsigned long k, int significand_bits);

}  // namespace gapwright
