// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <string>
#include <vector>

#include "atlas/graph.hpp"
#include "reductions/instance_sizes.hpp"

// What the routes of the atlas build, in exact numbers, before anything is built.
namespace gapwright {

/// One instance on the way.
struct RouteStage : InstanceSizes {
  std::optional<std::size_t> rule;  ///< which led here; nothing at the start
  std::string problem;
};

/// Throws std::invalid_argument when the start is no instance of the problem with something to reduce: an empty set, thresholds that
/// are no gap, or t beyond the dimension.
void check_start(const std::string& problem, const RouteStart& start);

/// All stages of a route, the start first. The code is the one that reduce takes: the least coordinates for the gadget that
/// follows, the least symbols when none does. Throws std::invalid_argument when no code fits, the start is none (check_start), or the
/// route ends in gradients and the delta asked for does not separate the losses.
std::vector<RouteStage> route_sizes(const Route& route, const RouteStart& start);

/// Indices of the routes that no other beats or equals in instances, final bits and entries together (the last stage), in the
/// given order.
std::vector<std::size_t> smallest(const std::vector<std::vector<RouteStage>>& sized);

}  // namespace gapwright
