// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>

#include "explore/plan/planner.hpp"
#include "explore/regime/boundary.hpp"
#include "explore/regime/routes.hpp"

// What instances of a route show.
namespace gapwright {

/// A pair that was built or counted, at the theorem's B.
struct MeasuredRoute {
  Form form = Form::full;  ///< of the yes instance: full (boxes, direct), characters, or factored (too large to be written out)
  mpz_class dimension, law_dimension;  ///< d', and what the planner's law gives for this message
  double entry_bound = 0;              ///< B
  RowGap gap;
  bool right = false;  ///< both instances are on their side of the middle of the thresholds
  std::optional<BoundaryBracket> boundary;
  std::optional<double> exact_error;  ///< largest distance of float64 attention over the input from the certified outputs
};

/// Nothing where the pair is beyond what is measured, or where no draw keeps the promise. Throws LimitReached beyond sweep.work.
std::optional<MeasuredRoute> measured_route(const RouteSweep& sweep, const Planner& planner, const PlanPoint& plan,
                                            std::size_t log2_rows, std::size_t dimension, const RunControl& control);

}  // namespace gapwright
