#include "explore/bindings.hpp"

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
    const Matrix out =
        exact_attention(a, Arithmetic::f64, {control.threads, control.stop, {}}).out;  // dLoss/dout of 1/2 sum out^2
    return exact_gradient(a, out, Arithmetic::f64, {control.threads, control.stop, {}}).gradient.q;
  };
}

}  // namespace gapwright
