#pragma once
#include "attention/exact.hpp"

namespace gapwright {

constexpr std::size_t kTile = 128;  ///< keys of the last matrix whose weights exist at one time

/// Per row, an upper bound of sum_l |scale q[i,l]| prod_u max_j |k_u[j,l]|: no score of the row is larger in absolute value.
std::vector<double> score_bounds(const Attention&);

/// Over all tuples J and columns c: the largest |v_J[c]|, and the largest max_J v_J[c] - min_J v_J[c], both rounded upward.
struct ValueBounds {
  double magnitude = 0;
  double range = 0;
};
ValueBounds value_bounds(const Attention&);

/// Over all columns: the product of max(1, |scale|) and max(1, largest entry) of q and every key matrix, and of the values' factors. A product of one
/// entry each that loses a partial product to underflow is off by at most the smallest normal number times this for each factor, in whatever
/// order it is taken. Infinite when beyond the doubles.
struct LargestProducts {
  double scores = 1;
  double values = 1;
};
LargestProducts largest_products(const Attention&);

/// The bound of Theorem 1 (docs/attention.md) for every row; rescalings[i] is how often the running maximum of row i's group was
/// replaced.
std::vector<double> exact_errors(const Attention&, Arithmetic, const std::vector<std::size_t>& rescalings);

}  // namespace gapwright
