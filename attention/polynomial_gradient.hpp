#pragma once
#include "attention/gradient.hpp"
#include "attention/polynomial.hpp"

namespace gapwright {

struct PolynomialGradient {
  Matrix out;
  AttentionGradient gradient;
  PolynomialPlan plan;
  GradientError error;  ///< proved (Theorem 4)
};

/// The gradient in time O(r d_v sum n_u): that of the polynomial attention itself, by going backwards through its sums. The
/// degree is the smallest for which the outputs and all gradients meet options.error. Errors as plan_polynomial and
/// check_upstream.
PolynomialGradient polynomial_gradient(const Attention&, const Matrix& upstream, const PolynomialOptions&,
                                       const RunControl& = {});

}  // namespace gapwright
