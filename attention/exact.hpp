// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "attention/balanced.hpp"
#include "instances/attention.hpp"
#include "support/run_control.hpp"

namespace gapwright {

enum class Arithmetic { f64, f32 };

/// Exact attention in floating point: out_i = sum_J e^{S[i;J]} v_J / sum_J e^{S[i;J]}.
struct ExactAttention {
  Matrix out;                     ///< n_0 x d_v
  std::vector<double> row_error;  ///< |out[i, c] - exact| <= row_error[i] for every c (docs/attention.md, Theorem A1)
  std::vector<double> log2_sum;   ///< log2 sum_J e^{S[i;J]}, as computed
};

/// All n_0 n_1 ... n_{k-1} scores, for any order k >= 2; memory beyond two copies of the input is O((sum of n_u) (d + d_v)). The same
/// bytes for any number of threads on one kind of processor. Rows whose scores pass 2^100 keep the whole range of v_J as their bound.
/// Throws BadInstance for a malformed input, LimitReached when an output or its bound is beyond the doubles.
/// Bytes of memory besides the input, from its sizes: the balanced input, its lanes, rows and columns, and the outputs; for the gradient (exact_gradient)
/// also sixteen sums of the gradients of keys and values.
mpz_class exact_bytes(const Attention&, bool gradient);

ExactAttention exact_attention(const Attention&, Arithmetic = Arithmetic::f64, const RunControl& = {});

/// Largest row_error.
double largest_error(const ExactAttention&);

/// What is proved of row i of a pass over a balanced input (Theorems A1 and A1h).
struct RowError {
  double mixing, summing;  ///< |out - exact| <= mixing (range of v_J) + summing max|v_J| in every column
  double mass;             ///< sum_J |Pr^ - Pr|, Pr^ = 2^(score - shift) / sum as computed once more
};
/// Exact attention of a balanced input, in its units.
struct ExactPass {
  Matrix out;
  std::vector<double> shift, sum;  ///< sum_J e^{S[i;J]} = 2^shift sum, as computed
  std::vector<RowError> errors;
};
ExactPass exact_pass(const Balanced&, Arithmetic, const RunControl&);
/// In the units of the input that was balanced.
ExactAttention in_units(const Balanced&, ExactPass);

}  // namespace gapwright
