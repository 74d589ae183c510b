// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>
#include <span>

namespace gapwright {

/// |P(x) - e^{x - centre}| <= factor (x - centre)^order + constant for lo <= x <= hi.
struct RemainderBound {
  mpq_class factor;
  mpq_class constant;  ///< what the rounding of P's coefficients leaves; about 2^-52
};

/// P(x) = sum_m coefficients[m] x^m with the coefficients exactly as given; order even and at most 8. `factor` is within a few
/// per cent of the best possible for this P. Throws std::invalid_argument when lo > hi, the interval reaches farther than 40 from
/// the centre, or a number is not finite.
RemainderBound exponential_remainder_bound(std::span<const double> coefficients, double centre, std::size_t order, double lo,
                                           double hi);

}  // namespace gapwright
