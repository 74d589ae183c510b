// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "explore/regime/regime.hpp"
#include "explore/regime/routes.hpp"
#include "support/limits.hpp"

// What a call of explore asks for and gives: a sweep, and where its results go on.
namespace gapwright {

struct SweepOutput {
  std::string file;    ///< "-": standard output, line by line; empty: nowhere. In the program's words.
  bool force = false;  ///< compute again what the file holds
  std::function<void(const std::string& message)> warn;  ///< if given, told that the file's last line was cut off
};

struct SweepResult {
  std::vector<Record> records;  ///< of the sweep: computed, with fields in backticks, or found in the file
  RegimeCounts counts;
};

/// Each checks the sweep and every pair against the limits before anything is run. Throw std::invalid_argument for a sweep that is empty or
/// impossible, LimitReached, and what ResultsLog throws. The proofs of the polynomial method are atlas/bindings' unless the sweep has its own.
SweepResult explore_regime(RegimeSweep sweep, const SweepOutput& output, const Limits& limits, const RunControl& control);
SweepResult explore_routes(const RouteSweep& sweep, const SweepOutput& output, const RunControl& control);
SweepResult explore_orders(const OrderSweep& sweep, const SweepOutput& output, const RunControl& control);

}  // namespace gapwright
