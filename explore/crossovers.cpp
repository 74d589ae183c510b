// Where one way begins to need smaller entries than another. Compared are the rationals d' mu / (t - s_no) of the best code at every number of
// variables: no logarithm, no rounding (explore/planner.cpp).
#include <algorithm>

#include "explore/planner.hpp"

namespace gapwright {
namespace {

std::size_t clauses_of(const mpq_class& ratio, std::size_t variables) {
  const mpq_class exact = ratio * variables;
  mpz_class ceiling;
  mpz_cdiv_q(ceiling.get_mpz_t(), exact.get_num_mpz_t(), exact.get_den_mpz_t());
  return ceiling.get_ui();
}

void take(Crossover& crossover, bool wins, std::size_t variables) {
  crossover.searched = variables;
  if (!wins) {
    crossover.lasting.reset();
    return;
  }
  if (!crossover.first) crossover.first = variables;
  if (!crossover.lasting) crossover.lasting = variables;
}

}  // namespace

std::vector<Crossover> crossovers(Planner& planner, const mpq_class& ratio, std::size_t most_variables) {
  const std::vector<std::string> routes{"reed-solomon", "hermitian", "tower"}, gadgets{"characters", "boxes"};
  std::vector<Crossover> found;
  for (const std::string& gadget : gadgets) {
    for (const std::string& route : routes) found.push_back({route + " by " + gadget, "direct", {}, {}, 0});
    found.push_back({"tower by " + gadget, "reed-solomon and hermitian by " + gadget, {}, {}, 0});
  }
  for (std::size_t variables = 1; variables <= most_variables; ++variables) {
    const std::size_t clauses = clauses_of(ratio, variables);
    const mpq_class direct = planner.direct(clauses).entry_constant;
    auto place = found.begin();
    for (const std::string& gadget : gadgets) {
      std::vector<std::optional<mpq_class>> least;
      for (const std::string& route : routes) {
        const auto point = planner.least_entries(route, gadget, clauses);
        least.push_back(point ? std::optional(point->entry_constant) : std::nullopt);
        take(*place++, point && point->entry_constant < direct, variables);
      }
      const auto beats = [&](std::size_t other) { return !least[other] || *least[2] < *least[other]; };
      take(*place++, least[2] && beats(0) && beats(1), variables);
    }
  }
  return found;
}

}  // namespace gapwright
