// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "atlas/problem.hpp"
#include "atlas/route_sizes.hpp"

// Two problems, and what the routes between them begin with: what path and implied both ask for.
namespace gapwright {

/// What an instance begins a route with.
struct InstanceStart {
  std::string problem;
  RouteStart sizes;
  std::string name = "the instance";  ///< in messages
};
/// Throws std::invalid_argument for an instance whose problem has no sizes, or not for its form.
InstanceStart instance_start(const AnyInstance& instance, const std::string& name);

struct RouteRequest {
  std::string from, to;                   ///< names of problems, or other usual words for them
  std::optional<std::size_t> order;       ///< nothing: 3, or that of the problem or instance
  StartNumbers numbers;                   ///< whose order is not read
  std::optional<InstanceStart> instance;  ///< instead of numbers
  std::optional<mpq_class> delta;         ///< of the step to attention

  bool sized() const;  ///< a number was given, or an instance
};

struct RoutesBetween {
  std::string from, to;  ///< names of problems
  std::vector<Route> routes;
};
/// Throws std::invalid_argument for unknown problems, and when there is no route, naming what can be reached.
RoutesBetween routes_between(const std::string& from, const std::string& to);

/// Throws std::invalid_argument unless instances of this kind begin the routes.
void check_begins(const RoutesBetween& between, const std::string& kind, const std::string& name);

/// Throws where an order that was asked for is not that of `what`, in the words of a face.
using OrderCheck = std::function<void(const std::string& what, std::size_t order)>;

/// Without numbers and instance: the order and delta alone. Throws std::invalid_argument for numbers that do not go with the problem, an instance
/// of another one, and a delta where the routes have no step to attention.
RouteStart start_of(const RouteRequest& request, const RoutesBetween& between, const OrderCheck& check_order);

/// "direct", "hermitian, pruned boxes, sharp".
std::string route_name(const Route& route);

}  // namespace gapwright
