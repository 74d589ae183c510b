// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <vector>

namespace gapwright {

/// A polynomial of the given degree that is close to a multiple of e^x on [lo, hi] in RELATIVE error.
struct ExponentialPolynomial {
  std::vector<double> coefficients;  ///< of the powers of x, for e^{x - (lo + hi)/2}
  double error = 0;  ///< the relative error as the exchange algorithm sees it; the proof is verify/polynomial_certificate
};

/// Weighted Remez exchange, minimising max |e^{-x} P - 1|. degree <= 100, lo <= hi, hi - lo <= 1000 (std::invalid_argument).
ExponentialPolynomial relative_remez(double lo, double hi, std::size_t degree);

}  // namespace gapwright
