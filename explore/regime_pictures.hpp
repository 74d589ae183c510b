// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "explore/boundary_fit.hpp"
#include "explore/feature_count.hpp"
#include "explore/gnuplot.hpp"
#include "explore/planner.hpp"

namespace gapwright {

/// What a results file shows: per embedding, family and dimension rule the regime (B* and B_r against n for every order), the fit
/// and its residuals; per order besides the gap and the exponent of r against B; and times.
std::vector<Picture> regime_pictures(const Results& results);

/// B_r and the worst-case B* for a size that no instance exists of; nothing where the score interval depends on the instance
/// (direct, planted).
struct PredictedBounds {
  double deciding = 0;
  std::optional<double> polynomial;
};
/// `codes`: for ksat by sharp, whose thresholds and d' are those of a code; NaN without it, and where no code fits.
PredictedBounds predicted_bounds(const BoundaryGroup& group, double log2_rows, HalfLengths& half_lengths,
                                 Planner* codes = nullptr);

}  // namespace gapwright
