// SPDX-License-Identifier: MIT
// implied: which running time for the last problem would refute the hypothesis at the first.
//
// Let every rule of a route keep the order k and, up to factors n^o(1), the number n of vectors of a set. An algorithm for the
// last problem in time n^x, called on each of the n^m instances that Merlin's messages make, gives one for the first in time
// n^(x + m) and so, with n^k the number of tuples (2^N for a formula, n = 2^(N/k)), in (brute force)^((x + m)/k): a saving e
// means x = k (1 - e) - m. Asymptotically m can be made smaller than any constant (a larger constant number T of blocks), so any
// x < k refutes. At a given size nothing is asymptotic: n is 2^ceil(N/k), the exponent is (1 - e) N/ceil(N/k) exactly, and m is
// what the planner's codes really need.
#include "explore/plan/implied.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reductions/delta.hpp"
#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

std::vector<ImpliedWay> ways_of(const RouteStage& vectors, const mpq_class& exponent, const mpq_class& delta, bool for_gradients,
                                const RunControl& control) {
  const std::size_t order = vectors.set_sizes.size(), dimension = vectors.dimension.get_ui();
  Planner planner(order);
  std::vector<ImpliedWay> ways{{std::string(kDirect), "least entries", planner.direct(dimension), {}, {}, ""}};
  for (const CodeFamily& family : compared_families())
    for (const Gadget gadget : {Gadget::boxes, Gadget::characters})
      ways.push_back({fmt::format("{}, {}", family.name, word_of(gadget)),
                      "least entries",
                      planner.least_entries(family, gadget, dimension, control),
                      {},
                      {},
                      ""});
  // An input of d' > n columns is no longer near n rows, and one message would always do (Planner::fewest_messages).
  const mpz_class most = *std::max_element(vectors.set_sizes.begin(), vectors.set_sizes.end());
  auto fewest = planner.fewest_messages(dimension, most, control);
  ways.push_back(
      {fewest ? fmt::format("{}, {}", route_word(fewest->family), gadget_word(fewest->gadget)) : "any code with d' <= n",
       "fewest messages",
       std::move(fewest),
       {},
       {},
       ""});
  for (ImpliedWay& way : ways) {
    if (!way.point) {
      way.impossible = "no code fits";
      continue;
    }
    *way.point = with_centred_keys(std::move(*way.point), order);
    if (way.point->centred) way.name += ", centred";
    way.figures = planner.figures(*way.point, vectors.set_sizes, delta);
    if (for_gradients && !way.figures.losses_separate) way.impossible = "with this delta the losses do not separate";
    const double x = exponent.get_d();
    way.exponent = way.point->shape ? Enclosure{std::nextafter(x - way.figures.message_exponent.hi, -INFINITY),
                                                std::nextafter(x - way.figures.message_exponent.lo, INFINITY)}
                                    : Enclosure{x, x};
  }
  return ways;
}

nlohmann::ordered_json ways_json(const std::vector<ImpliedWay>& ways, const mpq_class& exponent) {
  auto json = nlohmann::ordered_json::array();
  for (const ImpliedWay& way : ways) {
    if (!way.impossible.empty()) {
      json.push_back({{"way", way.name}, {"objective", way.objective}, {"impossible", way.impossible}});
      continue;
    }
    const auto enclosure = [](const Enclosure& e) { return nlohmann::ordered_json{{"lo", e.lo}, {"hi", e.hi}}; };
    nlohmann::ordered_json entry{{"way", way.name},
                                 {"objective", way.objective},
                                 {"embedding", way.point->embedding},
                                 {"dimension", exact_json(way.point->dimension)},
                                 {"exactness", way.point->exact() ? "exact" : "at most"},
                                 {"entry_bound", enclosure(way.figures.entry_bound)},
                                 {"gamma", enclosure(way.figures.gamma)},
                                 {"log2_required_error", enclosure(way.figures.log2_required_error)},
                                 {"message_exponent", enclosure(way.figures.message_exponent)}};
    entry["exponent"] = way.point->shape ? enclosure(way.exponent) : nlohmann::ordered_json(exponent.get_str());
    json.push_back(std::move(entry));
  }
  return json;
}

std::string conditions_at(const std::string& from, const std::string& to) {
  if (to == "attention")
    return "for every constant c and d = c log n: direct: d' = d + 2^(k-1) - 2, B = (d' gamma)^(1/k) = Theta((log n)^(2/k)); "
           "through "
           "codes, for every Q and T, B = C_B (log n)^(1/k) with C_B = C_B(k, c, Q, T) [AS24]; an additive error below half the "
           "gap "
           "decides: a constant (direct, sharp)";
  if (to == "attention-gradient")
    return "as for attention, with delta at most 1/(4 sqrt(n_0)); the number of quadrature nodes is n^o(1)";
  if (to == "gap-max-ip")
    return "for every constant c and d = c log n, every Q and T: t = L, s_no = k D, a constant factor apart over a code of "
           "constant rate; "
           "one of n^delta messages, delta below any constant for T large [AS24, Rub18]";
  if (from != "cnf") return "for every constant c: dimension d = c log n";
  return "for every constant c: dimension d = max(M, 1) = c log n; sparsification writes w-SAT as 2^(e N) formulas of at most "
         "c(w, e) N "
         "clauses, for every e > 0 [IPZ01]";
}

bool asks_many(const RoutesBetween& between) {
  return std::ranges::all_of(between.routes, [](const Route& route) {
    return std::ranges::any_of(route, [](std::size_t r) { return rules()[r].kind == RuleKind::over_messages; });
  });
}

/// The k-OV instance at the beginning.
RouteStage vectors_of(const ImpliedResult& r) {
  return r.between.from == "cnf" ? route_sizes(routes("cnf", "orthogonal-vectors").at(0), r.start).back()
                                 : route_sizes(routes("orthogonal-vectors", "attention").at(0), r.start).front();
}

ImpliedAtSize at_this_size(const ImpliedResult& r, const RunControl& control) {
  const auto& [from, to, routes] = r.between;
  ImpliedAtSize at{vectors_of(r), from == "cnf" && r.start.variables > 0 ? r.exponent.finite : r.exponent.asymptotic, {}, {}};
  if (to != "gap-max-ip" && to != "attention" && to != "attention-gradient") return at;
  const bool for_gradients = to == "attention-gradient";
  at.delta = chosen_delta(r.start.delta, for_gradients, at.vectors.set_sizes[0]);
  at.ways = ways_of(at.vectors, at.exponent, *at.delta, for_gradients, control);
  return at;
}

}  // namespace

const std::string& ImpliedResult::hypothesis() const { return problem_row(between.from).hypothesis; }

std::string ImpliedResult::conditions() const { return conditions_at(between.from, between.to); }

ImpliedResult implied(const ImpliedRequest& request, const OrderCheck& check_order, const RunControl& control) {
  ImpliedResult r{routes_between(request.route.from, request.route.to), {}, request.saving, {}, false, request.route.sized(), {}};
  if (r.saving <= 0 || r.saving >= 1)
    throw std::invalid_argument("`saving=" + r.saving.get_str() + "`: give a number above 0 and below 1");
  r.start = start_of(request.route, r.between, check_order);
  r.exponent = implied_exponent(r.start.order, r.saving, r.between.from == "cnf" ? r.start.variables : 0);
  r.turing = asks_many(r.between);
  const bool has_vectors = r.between.from != "gap-max-ip" && r.between.from != "attention";
  if (r.sized && has_vectors) r.at_size = at_this_size(r, control);
  return r;
}

nlohmann::ordered_json implied_json(const ImpliedResult& r) {
  nlohmann::ordered_json json{{"from", r.between.from},
                              {"to", r.between.to},
                              {"order", r.start.order},
                              {"hypothesis", r.hypothesis()},
                              {"refuted_below", std::to_string(r.start.order)},
                              {"saving", r.saving.get_str()},
                              {"exponent", r.exponent.asymptotic.get_str()},
                              {"conditions", r.conditions()}};
  if (!r.at_size) return json;
  json["finite_exponent"] = r.at_size->exponent.get_str();
  if (!r.at_size->delta) return json;
  json["delta"] = delta_text(*r.at_size->delta);
  json["ways"] = ways_json(r.at_size->ways, r.at_size->exponent);
  return json;
}

}  // namespace gapwright
