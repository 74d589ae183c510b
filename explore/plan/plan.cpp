// SPDX-License-Identifier: MIT
#include "explore/plan/plan.hpp"

#include <algorithm>

#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/decimal.hpp"
#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;

Json enclosure_json(const Enclosure& e) { return {{"lo", e.lo}, {"hi", e.hi}}; }

Json point_json(const PlanPoint& p, const PlanFigures& f) {
  Json json{{"route", route_word(p.family)}, {"gadget", gadget_word(p.gadget)}, {"embedding", p.embedding_name()}};
  if (p.shape) {
    const ProtocolShape& s = *p.shape;
    json["code"] = {{"field", s.field_size},
                    {"level", s.level},
                    {"length", s.coins},
                    {"degree", s.degree},
                    {"block_length", s.block_length},
                    {"blocks", s.blocks},
                    {"message_symbols", s.message_symbols}};
  }
  json["yes_at_least"] = p.gap.yes_at_least;
  json["no_at_most"] = p.gap.no_at_most;
  json["vector_dimension"] = exact_json(p.vector_dimension);
  json["dimension"] = exact_json(p.dimension);
  json["exactness"] = p.exact() ? "exact" : "at most";
  if (p.gadget == Gadget::characters) json["mu"] = decimal_up(p.mu, 17);
  json["entry_constant"] = p.entry_constant.get_str();
  json["log2_messages"] = enclosure_json(f.log2_messages);
  json["message_exponent"] = enclosure_json(f.message_exponent);
  json["entry_bound"] = enclosure_json(f.entry_bound);
  json["gamma"] = enclosure_json(f.gamma);
  json["log2_required_error"] = enclosure_json(f.log2_required_error);
  json["weight_sum"] = enclosure_json(f.weight_sum);
  json["attention_bytes"] = exact_json(f.tensor_bytes);
  json["factored_bytes"] = exact_json(f.factored_bytes);
  return json;
}

Json crossover_json(const Crossover& c) {
  Json row{{"smaller", c.winner},
           {"than", c.loser},
           {"first_variables", nullptr},
           {"lasting_variables", nullptr},
           {"searched", c.searched}};
  if (c.first) row["first_variables"] = *c.first;
  if (c.lasting) row["lasting_variables"] = *c.lasting;
  return row;
}

}  // namespace

Plan make_plan(PlanRequest request, const RunControl& control) {
  if (request.variables > kMostPlannedVariables || request.clauses > 100 * kMostPlannedVariables)
    throw LimitReached("plan takes up to " + std::to_string(kMostPlannedVariables) + " variables and " +
                       std::to_string(100 * kMostPlannedVariables) + " clauses");
  if (request.up_to > kMostPlannedVariables || request.limits.longest > kLongestPlannedCode)
    throw LimitReached("plan searches up to " + std::to_string(kMostPlannedVariables) + " variables and codes of length " +
                       std::to_string(kLongestPlannedCode));
  Cnf cnf;
  cnf.variables = request.variables;
  const SatToOrthogonalVectors sat(cnf, request.order);
  check_delta(request.delta);
  if (request.up_to == 0) request.up_to = std::max<std::size_t>(4 * request.variables, 800);
  Plan plan{request, Planner(request.order, request.limits), {}, 0, {}, {}, 0, {}, {}};
  for (std::size_t u = 0; u < request.order; ++u) plan.sizes.push_back(sat.set_size(u));
  plan.ways = plan.planner.all(request.clauses, control);
  plan.looked_at = plan.ways.size();
  plan.least.push_back(with_centred_keys(plan.planner.direct(request.clauses), request.order));
  for (const Gadget gadget : kByGadgets)
    for (const CodeFamily& family : compared_families())
      if (auto point = plan.planner.least_entries(family, gadget, request.clauses, control))
        plan.least.push_back(with_centred_keys(std::move(*point), request.order));
  if (!request.all) plan.ways = pareto_front(std::move(plan.ways));
  if (request.variables > 0) plan.ratio = mpq_class(mpz_class(request.clauses), mpz_class(request.variables));
  plan.ratio.canonicalize();
  plan.curves = entry_curves(plan.planner, plan.ratio, request.up_to, control);
  plan.crossed = crossovers(plan.curves);
  return plan;
}

Json plan_json(const Plan& plan, const RunControl& control) {
  const PlanRequest& request = plan.request;
  Json points = Json::array(), least = Json::array(), crossed = Json::array(), sizes = Json::array();
  for (const mpz_class& n : plan.sizes) sizes.push_back(exact_json(n));
  const auto shown = [&](const PlanPoint& p) {
    control.check();
    return point_json(p, plan.figures(p, control));
  };
  for (const PlanPoint& p : plan.ways) points.push_back(shown(p));
  for (const PlanPoint& p : plan.least) least.push_back(shown(p));
  for (const Crossover& c : plan.crossed) crossed.push_back(crossover_json(c));
  return {{"order", request.order},
          {"variables", request.variables},
          {"clauses", request.clauses},
          {"sizes", sizes},
          {"delta", request.delta.get_str()},
          {"gradient_delta", decimal_down(gradient_delta(plan.sizes[0]), 17)},
          {"largest_field", request.limits.largest_field},
          {"longest_code", request.limits.longest},
          {"ways", plan.looked_at},
          {request.all ? "points" : "front", points},
          {"least_entries", least},
          {"crossovers", crossed}};
}

}  // namespace gapwright
