// SPDX-License-Identifier: MIT
#pragma once
#include "attention/gradient.hpp"

namespace gapwright {

/// Bounds of |computed - exact| for every column of the gradients of a balanced input, in its units; those of q and the keys without the
/// factor softmax_scale = 2^T, as sum_J dS k_J.
struct ColumnErrors {
  std::vector<double> q;                          ///< [l]
  std::vector<std::vector<double>> keys, values;  ///< [u][l], [u][c]
};

/// For each column: the product of the column maxima of the matrices, but for number left_out.
std::vector<double> maxima_product(const std::vector<Matrix>& matrices, std::size_t left_out);

/// Per row of a balanced upstream gradient, the sums over c of |g[i, c]| max|v_J[c]| and of |g[i, c]| (range of v_J[c]).
struct UpstreamNorms {
  UpstreamNorms(const Matrix& g, const ValueBounds&);
  std::vector<double> magnitude, range;
};

/// What is proved of the exact method's gradient of a balanced input (Theorem A4e), `lanes` being the queries of a group. Throws
/// LimitReached when scores are so large that nothing is.
ColumnErrors exact_gradient_errors(const Balanced&, const Matrix& upstream, Arithmetic, const ExactPass&, std::size_t lanes);

/// Bounds of the gradients in the input's units.
GradientError in_units(const Balanced&, int upstream_exponent, const ColumnErrors&);
/// The gradients themselves, given like ColumnErrors.
void to_units(const Balanced&, int upstream_exponent, AttentionGradient&);

/// Throws LimitReached when an entry of the gradient, or a bound of its error, is not finite.
void check_finite(const AttentionGradient&, const GradientError&);

}  // namespace gapwright
