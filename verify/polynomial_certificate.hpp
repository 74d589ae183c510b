// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <span>

namespace gapwright {

/// Proved bounds of b^{-x} P(x) over lo <= x <= hi, b = e or 2.
struct RatioBounds {
  mpq_class least;
  mpq_class most;
  std::size_t boxes = 0;  ///< small boxes that cover all interior extrema
};
enum class Base { e, two };

/// P(x) = sum_m coefficients[m] x^m with the coefficients exactly as given (doubles are dyadic rationals). The bounds are tight
/// to about 2^-80 of the coefficients' size. Throws std::invalid_argument when lo > hi, a number is not finite, or there is no
/// coefficient.
RatioBounds exponential_ratio_bounds(std::span<const double> coefficients, const mpq_class& lo, const mpq_class& hi,
                                     Base = Base::e);

}  // namespace gapwright
