// SPDX-License-Identifier: MIT
#pragma once
#include "attention/gradient.hpp"

// Attention under a causal mask (terms.causal): row i sees the tuples whose keys are all among 0, ..., i of their matrix.
namespace gapwright {

/// What exact_attention and exact_gradient give for a causal input; the input is well-formed, the upstream gradient fits.
ExactAttention causal_attention(const Attention&, Arithmetic, const RunControl&);
ExactGradient causal_gradient(const Attention&, const Matrix& upstream, Arithmetic, const RunControl&);

/// Throws LimitReached for a causal input: the features of the polynomial method are sums over all keys.
void refuse_causal(const Attention&, bool gradient);

}  // namespace gapwright
