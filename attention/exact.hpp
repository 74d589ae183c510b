#pragma once
#include <vector>

#include "instances/attention.hpp"
#include "instances/run_control.hpp"

namespace gapwright {

enum class Arithmetic { f64, f32 };

/// Exact attention in floating point: out_i = sum_J e^{S[i;J]} v_J / sum_J e^{S[i;J]}.
struct ExactAttention {
  Matrix out;                     ///< n_0 x d_v
  std::vector<double> row_error;  ///< |out[i, c] - exact| <= row_error[i] for every c (docs/attention.md, Theorem 1)
  std::vector<double> log2_sum;   ///< log2 sum_J e^{S[i;J]}, as computed
};

/// All n_0 n_1 ... n_{k-1} scores, for any order k >= 2; memory beyond the input is O((sum of n_u) (d + d_v)). The same bytes for
/// any number of threads on one kind of processor. Throws BadInstance for a malformed input or one whose scores overflow the
/// arithmetic.
ExactAttention exact_attention(const Attention&, Arithmetic = Arithmetic::f64, const RunControl& = {});

/// Largest row_error.
double largest_error(const ExactAttention&);

}  // namespace gapwright
