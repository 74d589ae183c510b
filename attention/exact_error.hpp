// SPDX-License-Identifier: MIT
#pragma once
#include "attention/exact.hpp"

namespace gapwright {

constexpr std::size_t kTile = 128;  ///< keys of the last matrix whose weights exist at one time

/// Per row, an upper bound of sum_l |scale q[i,l]| prod_u max_j |k_u[j,l]| of a balanced input: no score of the row is larger in absolute
/// value. Infinite for rows beyond.
std::vector<double> score_bounds(const Balanced&);

/// Numbers of roundings that terms pass: docs/attention.md, Theorem A1.
struct PassSizes {
  PassSizes(const Attention&, Arithmetic);
  double u, smallest_normal, raised;  ///< raised: a weight, relative to the sum, that was too small and raised
  double order, dimension, value_columns, last, prefixes, tuples;
  double gamma(double n) const;  ///< n u/(1 - n u); infinite from n u = 1/2 on
};

/// Theorem A1 for every row, and Theorem A1h where that says little; rescalings[i] is how often the running maximum of row i's group was replaced.
std::vector<RowError> exact_errors(const Balanced&, Arithmetic, const std::vector<std::size_t>& rescalings, const RunControl&);

}  // namespace gapwright
