// SPDX-License-Identifier: MIT
// In: two problems and where a route begins. Out: every route with its sizes. Both faces call it.
#include "atlas/path.hpp"

#include <algorithm>
#include <stdexcept>

#include "reductions/delta.hpp"
#include "support/decimal.hpp"
#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr int kPathDigits = 17;

Json shape_json(const ProtocolShape& s) {
  return {{"route", s.family->name}, {"field", s.field_size},          {"level", s.level},  {"length", s.coins},
          {"degree", s.degree},      {"block_length", s.block_length}, {"blocks", s.blocks}};
}

void add_attention(Json& json, const RouteStage& s) {
  if (!(s.entry_bound > 0)) return;
  json["delta"] = delta_text(s.delta);
  json["entry_bound"] = s.entry_bound;
  if (!(s.yes_at_least > 0)) return;
  json["yes_at_least"] = decimal_down(s.yes_at_least, kPathDigits);
  json["no_at_most"] = decimal_up(s.no_at_most, kPathDigits);
}

Json stage_json(const RouteStage& s, const RouteStart& start) {
  Json json{{"problem", s.problem}};
  if (s.rule) json["rule"] = rules()[*s.rule].name;
  if (s.rule && !rules()[*s.rule].variant.empty()) json["variant"] = rules()[*s.rule].variant;
  if (s.problem == "cnf") {
    json["variables"] = start.variables;
    json["clauses"] = start.clauses;
    return json;
  }
  json["sizes"] = Json::array();
  for (const mpz_class& n : s.set_sizes) json["sizes"].push_back(exact_json(n));
  json["dimension"] = exact_json(s.dimension);
  json["bits"] = exact_json(s.bits);
  json["exactness"] = s.exactness == RouteStage::Exactness::exact ? "exact" : "at most";
  json["instances"] = exact_json(s.instances);
  if (s.shape) json["code"] = shape_json(*s.shape);
  if (s.gap) json["gap"] = {{"yes_at_least", s.gap->yes_at_least}, {"no_at_most", s.gap->no_at_most}};
  add_attention(json, s);
  return json;
}

std::vector<SizedRoute> sized_routes(const PathResult& result, bool sized, const RunControl& control) {
  std::vector<SizedRoute> all;
  std::vector<std::vector<RouteStage>> possible;
  std::vector<std::size_t> places;
  std::vector<Route> routes = result.between.routes;
  const std::vector<Route> named = routes_by_name(result.between.from, result.between.to);
  routes.insert(routes.end(), named.begin(), named.end());
  for (const Route& route : routes) {
    SizedRoute r{route, {}, "", false, all.size() >= result.between.routes.size()};
    control.check();
    if (sized) {
      try {
        r.stages = route_sizes(route, result.start);
        if (!r.by_name) places.push_back(all.size());
        if (!r.by_name) possible.push_back(r.stages);
      } catch (const std::invalid_argument& e) {
        r.impossible = e.what();
      }
    }
    all.push_back(std::move(r));
  }
  for (const std::size_t index : smallest(possible)) all[places[index]].front = true;
  return all;
}

}  // namespace

bool PathResult::ranked() const {
  return std::ranges::any_of(routes, [](const SizedRoute& r) { return r.front; });
}

PathResult find_paths(const PathRequest& request, const OrderCheck& check_order, const RunControl& control) {
  PathResult result{routes_between(request.route.from, request.route.to), {}, {}, {}};
  result.start = start_of(request.route, result.between, check_order);
  result.routes = sized_routes(result, request.route.sized(), control);
  const bool ranked = result.ranked();
  for (std::size_t i = 0; i < result.routes.size(); ++i)
    if (request.all || (ranked ? result.routes[i].front : result.shown.empty())) result.shown.push_back(i);
  return result;
}

Json path_json(const PathResult& result) {
  Json json{{"from", result.between.from}, {"to", result.between.to}, {"order", result.start.order}, {"routes", Json::array()}};
  for (const std::size_t i : result.shown) {
    const SizedRoute& r = result.routes[i];
    Json route{{"number", i + 1}, {"name", route_name(r.route)}, {"front", r.front}};
    if (r.by_name) route["by_name"] = true;
    if (!r.impossible.empty()) route["impossible"] = r.impossible;
    route["stages"] = Json::array();
    for (const RouteStage& s : r.stages) route["stages"].push_back(stage_json(s, result.start));
    json["routes"].push_back(std::move(route));
  }
  return json;
}

}  // namespace gapwright
