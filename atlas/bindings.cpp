// SPDX-License-Identifier: MIT
#include "atlas/bindings.hpp"

#include "attention/gradient.hpp"
#include "verify/polynomial_certificate.hpp"
#include "verify/remainder_certificate.hpp"

namespace gapwright {

RatioProver polynomial_prover() {
  return [](std::span<const double> coefficients, double lo, double hi) {
    const RatioBounds bounds = exponential_ratio_bounds(coefficients, mpq_class(lo), mpq_class(hi));
    return std::pair(bounds.least, bounds.most);
  };
}

RemainderProver remainder_prover() {
  return [](std::span<const double> coefficients, double centre, std::size_t order, double lo, double hi) {
    const RemainderBound bound = exponential_remainder_bound(coefficients, centre, order, lo, hi);
    return std::pair(bound.factor, bound.constant);
  };
}

GradientOracle exact_gradient_oracle(const RunControl& control) {
  return [control](const Attention& a) {
    const RunControl quiet{control.threads, control.stop, {}};
    const ExactAttention forward = exact_attention(a, Arithmetic::f64, quiet);
    const ExactGradient gradient = exact_gradient(a, forward.out, Arithmetic::f64, quiet);  // dLoss/dout of 1/2 sum out^2
    return GradientAnswer(gradient.gradient.q, gradient.error.q + query_sensitivity(a, forward.row_error));
  };
}

}  // namespace gapwright
