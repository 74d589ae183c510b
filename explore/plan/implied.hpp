// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "atlas/route_request.hpp"
#include "explore/plan/planner.hpp"
#include "reductions/implied_exponent.hpp"

// implied: which running time for the last problem would refute the hypothesis at the first.
namespace gapwright {

struct ImpliedRequest {
  RouteRequest route;
  mpq_class saving{1, 10};  ///< e: how fast must the last problem be, for the first to take (brute force)^(1 - e)?
};

/// What one way costs at this size: the planner's constants, and the exponent that an algorithm must beat.
struct ImpliedWay {
  std::string name;
  std::string objective;  ///< least entries, or fewest messages
  std::optional<PlanPoint> point;
  PlanFigures figures;
  Enclosure exponent;      ///< (1 - e) log_n(tuples) - m
  std::string impossible;  ///< why it is none
};

/// What stands at the sizes that were asked for.
struct ImpliedAtSize {
  RouteStage vectors;
  mpq_class exponent;              ///< without messages
  std::optional<mpq_class> delta;  ///< where the route goes beyond vectors
  std::vector<ImpliedWay> ways;    ///< likewise
};

struct ImpliedResult {
  RoutesBetween between;
  RouteStart start;
  mpq_class saving;
  ImpliedExponent exponent;
  bool turing = false;                   ///< every route asks many instances of the last problem
  bool sized = false;                    ///< numbers, or an instance, were given
  std::optional<ImpliedAtSize> at_size;  ///< where the first problem has vectors

  const std::string& hypothesis() const;
  std::string conditions() const;  ///< under which the exponents hold
};

/// Throws std::invalid_argument for a saving outside (0, 1), and what start_of refuses.
ImpliedResult implied(const ImpliedRequest& request, const OrderCheck& check_order, const RunControl& control);

/// The object of `gapwright implied --json`.
nlohmann::ordered_json implied_json(const ImpliedResult& result);

}  // namespace gapwright
