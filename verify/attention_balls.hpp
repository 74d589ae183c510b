// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "instances/attention.hpp"
#include "support/run_control.hpp"
#include "verify/ball.hpp"
#include "verify/verdict.hpp"

// Plain softmax in balls, straight from q, k_u, v_u: slow, with no assumption about the entries. Shares nothing with the counting route.
namespace gapwright {

/// out_i[0] of the rows first_row <= i < last_row.
std::vector<Ball> outputs_by_balls(const Attention& a, std::size_t first_row, std::size_t last_row, long precision,
                                   const RunControl& = {});

/// Outputs in all columns of the values, enclosed.
struct CertifiedAttention {
  Matrix out, lo, hi;  ///< n_0 x d_v; the exact output lies in [lo, hi], and within `error` of out, its middle
  double error = 0;    ///< the largest
};
constexpr double kCertifiedError = 0x1p-52;  ///< wanted, unless another is
constexpr long kMostCertifiedBits = 4096;
/// At doubling precision until the error is at most `wanted` or kMostCertifiedBits are reached.
CertifiedAttention certified_attention(const Attention& a, double wanted = kCertifiedError, const RunControl& = {});

/// Decides by the rational halfway between the thresholds (both must be there: BadInstance), row by row with doubling precision; stops at
/// the first row that reaches yes_at_least. The witness is the first tuple of largest weight among those with the largest value v_J[0].
Verdict decide_by_balls(const Attention& a, const RunControl& = {}, const Precision& = {});

}  // namespace gapwright
