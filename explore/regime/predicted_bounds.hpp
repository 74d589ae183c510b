// SPDX-License-Identifier: MIT
#pragma once
#include <optional>

#include "explore/plan/planner.hpp"
#include "explore/regime/boundary_fit.hpp"
#include "explore/regime/feature_count.hpp"

namespace gapwright {

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
