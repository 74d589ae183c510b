// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <vector>

#include "attention/balanced.hpp"

namespace gapwright {

/// How an arithmetic computes the weights of a row of a balanced input.
struct WeightArithmetic {
  double score_roundings;  ///< gamma(n_s): a score is wrong by this times the sum of its terms' absolute values, and by `lost`
  double lost;
  double unit;  ///< (R + 1) u
};

/// What is proved of a row's weights tuple by tuple (docs/attention.md, Theorem A1h).
struct RowWeights {
  double mixing = 1;  ///< the weighted mean of v_J moves by at most this times the range of v_J
  double ratio = 0;   ///< a weight over the sum of all is right up to e^{+-ratio}, but for tuples of total share `light`
  double light = 1;
};

/// For rows in which most tuples cannot matter: masked keys, saturated rows. Costs one score per tuple.
RowWeights heavy_tuples(const Balanced&, std::size_t row, const WeightArithmetic&);

}  // namespace gapwright
