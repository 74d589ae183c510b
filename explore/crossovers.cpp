// SPDX-License-Identifier: MIT
// Where one way begins to need smaller entries than another. Compared are the rationals d' mu / (t - s_no) of the best code at
// every number of variables: no logarithm, no rounding (explore/planner.cpp).
#include "explore/crossovers.hpp"

namespace gapwright {
namespace {

const std::vector<std::string> kGadgets{"characters", "boxes"}, kRoutes{"reed-solomon", "hermitian", "tower"};

std::size_t clauses_of(const mpq_class& ratio, std::size_t variables) {
  const mpq_class exact = ratio * variables;
  mpz_class ceiling;
  mpz_cdiv_q(ceiling.get_mpz_t(), exact.get_num_mpz_t(), exact.get_den_mpz_t());
  return ceiling.get_ui();
}

using Constants = std::vector<std::optional<mpq_class>>;

/// Smaller entries than every other curve that exists there.
Crossover overtaking(std::string winner, const Constants& candidate, std::string loser,
                     const std::vector<const Constants*>& others) {
  Crossover result{std::move(winner), std::move(loser), {}, {}, candidate.size()};
  for (std::size_t i = 0; i < candidate.size(); ++i) {
    bool wins = candidate[i].has_value();
    for (const Constants* other : others) wins = wins && (!(*other)[i] || *candidate[i] < *(*other)[i]);
    if (!wins) {
      result.lasting.reset();
      continue;
    }
    if (!result.first) result.first = i + 1;
    if (!result.lasting) result.lasting = i + 1;
  }
  return result;
}

std::string name_of(const std::string& route, const std::string& gadget) { return route + " by " + gadget; }

}  // namespace

std::vector<EntryCurve> entry_curves(Planner& planner, const mpq_class& ratio, std::size_t most_variables,
                                     const RunControl& control) {
  std::vector<EntryCurve> curves{{"direct", {}}};
  for (const std::string& gadget : kGadgets)
    for (const std::string& route : kRoutes) curves.push_back({name_of(route, gadget), {}});
  for (std::size_t variables = 1; variables <= most_variables; ++variables) {
    control.check();
    const std::size_t clauses = clauses_of(ratio, variables);
    curves[0].constants.emplace_back(with_centred_keys(planner.direct(clauses), planner.order()).entry_constant);
    auto curve = curves.begin();
    for (const std::string& gadget : kGadgets)
      for (const std::string& route : kRoutes) {
        const auto point = planner.least_entries(route, gadget, clauses, control);
        (++curve)->constants.push_back(point ? std::optional(with_centred_keys(*point, planner.order()).entry_constant)
                                             : std::nullopt);
      }
    if (control.progress) control.progress(static_cast<double>(variables) / static_cast<double>(most_variables));
  }
  return curves;
}

std::vector<Crossover> crossovers(const std::vector<EntryCurve>& curves) {
  std::vector<Crossover> found;
  for (std::size_t first = 1; first < curves.size(); first += kRoutes.size()) {
    const EntryCurve &line = curves[first], &hermitian = curves[first + 1], &tower = curves[first + 2];
    for (const EntryCurve* code : {&line, &hermitian, &tower})
      found.push_back(overtaking(code->way, code->constants, curves[0].way, {&curves[0].constants}));
    found.push_back(
        overtaking(tower.way, tower.constants, line.way + ", " + hermitian.way, {&line.constants, &hermitian.constants}));
  }
  return found;
}

}  // namespace gapwright
