// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "atlas/graph.hpp"
#include "instances/files/bundle.hpp"

// Instances led along a route: each step as the row of its rule makes it.
namespace gapwright {

/// The first route between two problems whose rules all make instances by themselves, with centred keys or not. Throws
/// std::invalid_argument when there is none.
Route journey_between(const std::string& from, const std::string& to, bool centred = false);

/// A journey's end, what was promised and counted on the way, and the way back.
struct Made {
  AnyInstance target;
  std::vector<BundleStep> path;
  std::vector<LiftStep> lift;                                   ///< in the order of the path: a table applies them backwards
  std::vector<std::shared_ptr<const AnyReduction>> reductions;  ///< in the order of the path
};
Made made_through(const AnyInstance& source, const Route& route, const RuleOptions& options, const RunControl& control);

/// A witness of the source as one of the target.
WitnessNumbers push(const Made&, const WitnessNumbers& source);

}  // namespace gapwright
