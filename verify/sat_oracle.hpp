// SPDX-License-Identifier: MIT
#pragma once
#include <optional>

#include "instances/cnf.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// What an independent solver (CryptoMiniSat 5.11) says of a formula.
struct SatAnswer {
  std::optional<bool> satisfiable;  ///< empty: it was stopped
  Cnf::Witness model;               ///< when satisfiable, one value per variable (variables it left open are false)
};

/// Stops when control says so, or after `seconds` of processor time.
SatAnswer ask_cryptominisat(const Cnf& cnf, const RunControl& control = {}, double seconds = 1e9);

/// A model for whom one helps and none harms, as honest Merlin: nothing if the formula has none, or none was found within `seconds` of processor
/// time.
std::optional<Cnf::Witness> model_within(double seconds, const Cnf& cnf, const RunControl& control);

}  // namespace gapwright
