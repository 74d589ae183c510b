// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "verify/ball.hpp"

namespace gapwright {

/// A polynomial by its coefficients, that of x^m at index m.
using BallPolynomial = std::vector<Ball>;

/// p(x) by Horner's rule.
inline Ball value_at(const BallPolynomial& p, const Ball& x, long precision) {
  Ball value;
  for (std::size_t m = p.size(); m-- > 0;) value = add(multiply(value, x, precision), p[m], precision);
  return value;
}

inline BallPolynomial derivative(const BallPolynomial& p, long precision) {
  BallPolynomial d;
  for (std::size_t m = 1; m < p.size(); ++m) d.push_back(multiply(p[m], Ball::exactly(std::uint64_t{m}), precision));
  return d;
}

}  // namespace gapwright
