// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "attention/polynomial.hpp"

namespace gapwright {

/// What is known about the scores of each row beyond their interval, over all tuples J at once.
struct ScoreMoments {
  double centre;                   ///< subtracted from every score: close to the mean of all
  std::size_t power;               ///< even
  std::vector<double> mean;        ///< lower bound of mean_J (S[i; J] - centre)
  std::vector<double> power_mean;  ///< upper bound of mean_J (S[i; J] - centre)^power
};

/// Of a balanced input, in time O(C(d + power, power) sum n_u), by the same sums as polynomial attention; roundings are part of the bounds.
ScoreMoments score_moments(const Attention&, const ScoreInterval&, std::size_t power, const RunControl&);

/// Coefficients (powers of the score) of the P of this degree >= power - 1 with P - e^{x - centre} = (x - centre)^power f(x), |f|
/// small on the interval. Nothing is proved here.
std::vector<double> moment_polynomial(double lo, double hi, double centre, std::size_t power, std::size_t degree);

}  // namespace gapwright
