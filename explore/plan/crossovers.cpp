// SPDX-License-Identifier: MIT
// Where one way begins to need smaller entries than another. Compared are the rationals d' mu / (t - s_no) of the best code at
// every number of variables: no logarithm, no rounding (explore/plan/planner.cpp).
#include "explore/plan/crossovers.hpp"

namespace gapwright {
namespace {

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

std::string way_text(const CodeFamily& family, Gadget gadget) { return family.name + " by " + std::string(word_of(gadget)); }

}  // namespace

std::vector<EntryCurve> entry_curves(Planner& planner, const mpq_class& ratio, std::size_t most_variables,
                                     const RunControl& control) {
  std::vector<EntryCurve> curves{{std::string(kDirect), {}}};
  for (const Gadget gadget : kByGadgets)
    for (const CodeFamily& family : compared_families()) curves.push_back({way_text(family, gadget), {}});
  for (std::size_t variables = 1; variables <= most_variables; ++variables) {
    control.check();
    const std::size_t clauses = clauses_of(ratio, variables);
    curves[0].constants.emplace_back(with_centred_keys(planner.direct(clauses), planner.order()).entry_constant);
    auto curve = curves.begin();
    for (const Gadget gadget : kByGadgets)
      for (const CodeFamily& family : compared_families()) {
        const auto point = planner.least_entries(family, gadget, clauses, control);
        (++curve)->constants.push_back(point ? std::optional(with_centred_keys(*point, planner.order()).entry_constant)
                                             : std::nullopt);
      }
    if (control.progress) control.progress(static_cast<double>(variables) / static_cast<double>(most_variables));
  }
  return curves;
}

std::vector<Crossover> crossovers(const std::vector<EntryCurve>& curves) {
  std::vector<Crossover> found;
  std::vector<const CodeFamily*> families;
  for (const CodeFamily& family : compared_families()) families.push_back(&family);
  for (std::size_t first = 1; first < curves.size(); first += families.size()) {
    std::string loser;  // the families without levels together
    std::vector<const Constants*> flat;
    for (std::size_t i = 0; i < families.size(); ++i) {
      const EntryCurve& code = curves[first + i];
      found.push_back(overtaking(code.way, code.constants, curves[0].way, {&curves[0].constants}));
      if (families[i]->has_levels) continue;
      loser += (loser.empty() ? "" : ", ") + code.way;
      flat.push_back(&code.constants);
    }
    for (std::size_t i = 0; i < families.size(); ++i)
      if (families[i]->has_levels) found.push_back(overtaking(curves[first + i].way, curves[first + i].constants, loser, flat));
  }
  return found;
}

}  // namespace gapwright
