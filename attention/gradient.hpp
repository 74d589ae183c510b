// SPDX-License-Identifier: MIT
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

/// Bounds of |computed - exact| for every entry of dq, of each dk_u and of each dv_u.
struct GradientError {
  double q = 0;
  std::vector<double> keys, values;
  double largest() const;
  double largest_keys() const;
  double largest_values() const;
};

/// The gradient for the upstream gradient G = dLoss/dout (n_0 x d_v), in closed form [LSSZ24; AS24b for k = 2], fused: memory
/// beyond copies of the input is O((sum of n_u) (d + d_v)). The same bytes for any number of threads on one kind of processor. Also
/// returns the outputs. The error is proved (Theorem A4e). Throws LimitReached when no error can be stated, or a gradient is beyond f64.
struct ExactGradient {
  ExactAttention forward;
  AttentionGradient gradient;
  GradientError error;
};
ExactGradient exact_gradient(const Attention&, const Matrix& upstream, Arithmetic = Arithmetic::f64, const RunControl& = {});

/// How far any entry of dLoss/dq may move when row i of the upstream gradient moves by at most error[i] in every entry.
double query_sensitivity(const Attention&, const std::vector<double>& error);

}  // namespace gapwright
