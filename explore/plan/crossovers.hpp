// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "explore/plan/planner.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// What the least entries of one kind of way cost at 1, 2, ... variables: d' mu / (t - s_no), half of it where keys are centred
/// (order 2, direct and boxes), so B^k = this * ln(Nmain/delta). Nothing where no code fits.
struct EntryCurve {
  std::string way;  ///< "direct", "hermitian by characters"
  std::vector<std::optional<mpq_class>> constants;
};

/// The order in which ways are told.
inline constexpr std::array kByGadgets{Gadget::characters, Gadget::boxes};

/// Direct first, then every gadget by every family of codes;
/// clauses = ceil(ratio * variables).
std::vector<EntryCurve> entry_curves(Planner& planner, const mpq_class& ratio, std::size_t most_variables,
                                     const RunControl& control = {});

/// From which number of variables on one way needs smaller entries than another.
struct Crossover {
  std::string winner, loser;  ///< "hermitian by characters", "direct", "reed-solomon by characters, hermitian by characters"
  std::optional<std::size_t> first;    ///< the least number of variables at which it does
  std::optional<std::size_t> lasting;  ///< the least from which on it does up to `searched`
  std::size_t searched = 0;
};

/// Every code way against direct, and a family with levels (the tower) against the best of those without by the same gadget.
std::vector<Crossover> crossovers(const std::vector<EntryCurve>& curves);

}  // namespace gapwright
