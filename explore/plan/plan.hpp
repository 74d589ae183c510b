// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "explore/plan/crossovers.hpp"
#include "explore/plan/planner.hpp"

// What every way from a formula's size to attention costs, and where one way overtakes another.
namespace gapwright {

struct PlanRequest {
  std::size_t order = 3, variables = 0, clauses = 0;
  std::size_t up_to = 0;  ///< variables in the search for crossovers; 0: the larger of 4 N and 800
  bool all = false;       ///< every way, not only the Pareto front
  PlanLimits limits;
  mpq_class delta = forward_delta();
};

struct Plan {
  PlanRequest request;           ///< up_to chosen
  Planner planner;               ///< for figures() of the points
  std::vector<mpz_class> sizes;  ///< of the sets
  std::size_t looked_at = 0;     ///< ways in all
  std::vector<PlanPoint> ways;   ///< the front, or all
  std::vector<PlanPoint> least;  ///< direct, then the least entries by each gadget and route, at order 2 with centred keys
  mpq_class ratio;               ///< clauses per variable; 0 without variables
  std::vector<EntryCurve> curves;
  std::vector<Crossover> crossed;

  PlanFigures figures(const PlanPoint& point, const RunControl& control = {}) const {
    return planner.figures(point, sizes, request.delta, control);
  }
};

/// Throws LimitReached beyond 100,000 variables, 10,000,000 clauses or codes of length 10,000,000.
constexpr std::size_t kMostPlannedVariables = 100'000, kLongestPlannedCode = 10'000'000;
Plan make_plan(PlanRequest request, const RunControl& control = {});

/// The keys of `gapwright plan --json`.
nlohmann::ordered_json plan_json(const Plan& plan, const RunControl& control = {});

}  // namespace gapwright
