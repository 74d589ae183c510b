// SPDX-License-Identifier: MIT
#pragma once
#include "attention/gradient.hpp"
#include "attention/polynomial.hpp"

namespace gapwright {

struct PolynomialGradient {
  Matrix out;
  AttentionGradient gradient;
  PolynomialPlan plan;
  GradientError error;  ///< proved (Theorem A4)
};

/// How the derivative of a plan's polynomial compares with the weights, certified on the interval.
struct PolynomialSlopes {
  double tau = 0;             ///< P'(S)/sum P = (e^S/sum e^S)(1 + t) with |t| <= tau, whatever the tuples
  double value_absolute = 0;  ///< sum_m |b_m| A^m
  double absolute = 0;        ///< sum_m m |b_m| A^(m-1)
};
PolynomialSlopes slopes_of(const PolynomialPlan&, const RatioProver&);

/// The gradient in time O(r d_v sum n_u): that of the polynomial attention itself, by going backwards through its sums. The
/// degree is the smallest for which the outputs and all gradients meet options.error. Errors as plan_polynomial and
/// check_upstream.
PolynomialGradient polynomial_gradient(const Attention&, const Matrix& upstream, const PolynomialOptions&,
                                       const RunControl& = {});

}  // namespace gapwright
