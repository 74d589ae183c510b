#pragma once
#include <vector>

#include "attention/exact.hpp"

namespace gapwright {

/// dLoss/dq, dLoss/dk_u, dLoss/dv_u, shaped like q, k_u, v_u.
struct AttentionGradient {
  Matrix q;
  std::vector<Matrix> keys, values;
};

/// Throws std::invalid_argument unless upstream is n_0 x d_v and finite.
void check_upstream(const Attention&, const Matrix& upstream);

/// Throws BadInstance when an entry is infinite: the upstream gradient was too large for this arithmetic.
void check_finite(const AttentionGradient&, Arithmetic);

/// The gradient for the upstream gradient G = dLoss/dout (n_0 x d_v), in closed form [LSSZ24; AS24b for k = 2], fused: memory
/// beyond the input is O((sum of n_u) (d + d_v)). The same bytes for any number of threads on one kind of processor. Also returns
/// the outputs.
struct ExactGradient {
  ExactAttention forward;
  AttentionGradient gradient;
};
ExactGradient exact_gradient(const Attention&, const Matrix& upstream, Arithmetic = Arithmetic::f64, const RunControl& = {});

}  // namespace gapwright
