// SPDX-License-Identifier: MIT
#pragma once
#include <functional>

#include "attention/gradient.hpp"

namespace gapwright {

/// The training problem of [LSSZ24], for any order k >= 2: scores S = softmax_scale A_1 X (A_2 (Kronecker) ... (Kronecker) A_k)^T
/// and loss 1/2 || D^{-1} exp(S) (V_2 (Kronecker) ... (Kronecker) V_k) Y - E ||_F^2 (the paper has A_4, A_5 for our V_2, V_3, and
/// drops the factor 1/d).
struct TrainingProblem {
  double softmax_scale = 1;
  Matrix queries;              ///< A_1: n_0 x d
  std::vector<Matrix> keys;    ///< A_2, ..., A_k: n_u x d_u
  std::vector<Matrix> values;  ///< V_2, ..., V_k: n_u x e_u
  Matrix x;                    ///< X: d x (d_2 ... d_k), C order
  Matrix y;                    ///< Y: (e_2 ... e_k) x m
  Matrix target;               ///< E: n_0 x m
};

struct TrainingGradient {
  double loss = 0;
  Matrix x;  ///< dLoss/dX
};

/// The same scores and outputs as an attention input of dimension d_2 ... d_k: q = A_1 X, and column (b_2, ..., b_k) of k_u is
/// column b_u of A_u; values likewise, so that its outputs times Y are the problem's. Memory n d_2 ... d_k. Throws BadInstance
/// when shapes do not fit.
Attention lifted(const TrainingProblem&);

/// How outputs and dLoss/dq of an attention input are computed: exact or polynomial.
struct GradientMethod {
  std::function<Matrix(const Attention&)> out;
  std::function<Matrix(const Attention&, const Matrix& upstream)> dq;
};
GradientMethod exact_method(const RunControl& = {});

/// dX = A_1^T dq of the lifted input, upstream (out Y - E) Y^T.
TrainingGradient training_gradient(const TrainingProblem&, const GradientMethod&);

}  // namespace gapwright
