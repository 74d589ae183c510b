// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "atlas/route_request.hpp"

// path: the routes from one problem to another, with the exact sizes of every step for given numbers.
namespace gapwright {

struct PathRequest {
  RouteRequest route;
  bool all = false;  ///< also routes that others beat
};

/// A route and what it costs, or why it cannot be taken.
struct SizedRoute {
  Route route;
  std::vector<RouteStage> stages;  ///< none without numbers
  std::string impossible;
  bool front = false;    ///< no other is as good in instances, final size and entries together
  bool by_name = false;  ///< through a code that is tried only by name: not compared
};

struct PathResult {
  RoutesBetween between;
  RouteStart start;
  std::vector<SizedRoute> routes;  ///< those between, then those by name
  std::vector<std::size_t> shown;  ///< which of them: all, those at the front, or without numbers the first

  bool ranked() const;  ///< some route is at the front
};

PathResult find_paths(const PathRequest& request, const OrderCheck& check_order, const RunControl& control);

/// The object of `gapwright path --json`.
nlohmann::ordered_json path_json(const PathResult& result);

}  // namespace gapwright
