// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <vector>

#include "instances/attention.hpp"

namespace gapwright {

/// An attention input brought to entries of absolute value at most 1 by exact powers of two, column by column, so that products
/// of entries cannot overflow and what underflows is negligible (docs/attention.md, Lemma A0). The scale's power stays in
/// attention.terms.softmax_scale.
struct Balanced {
  /// Throws BadInstance when the input is not well formed.
  explicit Balanced(const Attention&);

  Attention attention;                         ///< softmax_scale is 2^T
  int scale_exponent = 0;                      ///< T, -100 <= T <= kMostScore
  std::vector<std::vector<int>> keys, values;  ///< exponents: k_u[., l] = 2^keys[u][l] k'_u[., l], v_u[., c] likewise
  std::vector<int> queries;                    ///< per column: q = 2^(T - queries[l]) q' / mantissa
  double mantissa = 1;                         ///< of softmax_scale
  std::vector<int> outputs;                    ///< out[., c] = 2^outputs[c] out'[., c]
  int score_exponent = 0;                      ///< no score of the input passes d 2^score_exponent
  std::vector<bool> beyond;  ///< per row of q: terms of its scores may pass 2^kMostScore, and were scaled down to it
  static constexpr int kMostScore = 100;
};

/// What underflow adds to a score of a balanced input, conversions of its entries included, where the smallest normal number of
/// the arithmetic is `smallest`.
double lost_score(const Attention& balanced, double smallest);

/// An upstream gradient in balanced units: G[i, c] = 2^(exponent - outputs[c]) g[i, c], |g| <= 1.
struct BalancedUpstream {
  BalancedUpstream(const Balanced&, const Matrix& upstream);
  Matrix g;
  int exponent = 0;
};

/// An upper bound of bound 2^exponent; infinite when beyond the doubles.
double scaled_up(double bound, int exponent);

/// Over all tuples J, for every column c in balanced units: the largest |v'_J[c]| and max_J v'_J[c] - min_J v'_J[c], rounded upward.
struct ValueBounds {
  std::vector<double> magnitude, range;
};
ValueBounds value_bounds(const Attention& balanced);

/// max over the columns of (mixing range + relative magnitude), in the input's units.
double value_error(const Balanced&, const ValueBounds&, double mixing, double relative);

/// max_j |m[j, c]| for every column c.
std::vector<double> column_maxima(const Matrix& m);

}  // namespace gapwright
