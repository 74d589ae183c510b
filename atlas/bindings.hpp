// SPDX-License-Identifier: MIT
#pragma once
#include "attention/polynomial.hpp"
#include "reductions/attention_to_gradient.hpp"
#include "support/run_control.hpp"

// Defaults that join rooms which must not see each other.
namespace gapwright {

/// The proof of attention/polynomial's error: verify/polynomial_certificate.
RatioProver polynomial_prover();
/// And of its error by moments: verify/remainder_certificate.
RemainderProver remainder_prover();

/// The gradient oracle of reductions/attention_to_gradient: attention/gradient in float64.
GradientOracle exact_gradient_oracle(const RunControl&);

}  // namespace gapwright
