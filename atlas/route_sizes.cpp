// SPDX-License-Identifier: MIT
// A route from its start, each step by the law of its rule (reductions/instance_sizes.hpp).
#include "atlas/route_sizes.hpp"

#include <stdexcept>

#include "reductions/delta.hpp"

namespace gapwright {
namespace {

RouteStage first_stage(const std::string& problem, const RouteStart& start) {
  check_start(problem, start);
  RouteStage stage;
  stage.problem = problem;
  stage.set_sizes = start.set_sizes;
  stage.dimension = start.set_sizes.empty() ? mpz_class(start.clauses) : start.dimension;
  stage.bits = vector_bits(start);
  if (start.gap.yes_at_least > 0) stage.gap = start.gap;
  return stage;
}

/// The form whose cost chooses the code: that of the gadget which follows.
Form form_after(const Route& route, std::size_t position) {
  if (position + 1 >= route.size()) return Form::factored;
  return rules()[route[position + 1]].parameters.form.value_or(Form::factored);
}

}  // namespace

void check_start(const std::string& problem, const RouteStart& start) {
  const Problem& row = problem_row(problem);
  if (row.check_start) row.check_start(start);
}

std::vector<RouteStage> route_sizes(const Route& route, const RouteStart& start) {
  if (route.empty()) throw std::invalid_argument("the route has no rule");
  std::vector<RouteStage> stages{first_stage(rules()[route[0]].source, start)};
  const bool for_gradients = rules()[route.back()].target == "attention-gradient";
  for (std::size_t i = 0; i < route.size(); ++i) {
    const Rule& rule = rules()[route[i]];
    if (!rule.sizes) throw std::logic_error("no size law for the rule " + rule.name);
    RouteStage stage = stages.back();
    stage.rule = route[i];
    stage.problem = rule.target;
    if (rule.target == "attention") stage.delta = chosen_delta(start.delta, for_gradients, stage.set_sizes[0]);
    rule.sizes(stage, {start, rule.parameters, form_after(route, i), stages.back().delta > 0});
    stages.push_back(std::move(stage));
  }
  return stages;
}

std::vector<std::size_t> smallest(const std::vector<std::vector<RouteStage>>& sized) {
  const auto no_worse = [](const RouteStage& a, const RouteStage& b) {
    return a.instances <= b.instances && a.bits <= b.bits && a.entry_bound <= b.entry_bound;
  };
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < sized.size(); ++i) {
    bool beaten = false;
    for (std::size_t j = 0; j < sized.size() && !beaten; ++j)
      beaten = j != i && no_worse(sized[j].back(), sized[i].back()) && (j < i || !no_worse(sized[i].back(), sized[j].back()));
    if (!beaten) front.push_back(i);
  }
  return front;
}

}  // namespace gapwright
