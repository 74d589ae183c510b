// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "instances/lift.hpp"
#include "support/files.hpp"

// Lift tables and the witnesses that they are applied to, as files (docs/formats.md).
namespace gapwright {

/// {"format": "gapwright-lift-1", "from", "to", "bijection"?, "witness"?, "steps": [{"rule", "kind", ...}]}, one step a line.
std::string lift_json(const LiftTable&);

/// Reads lift_json; throws BadInstance for anything else: unknown, missing or double keys, numbers out of range.
LiftTable read_lift(const InputBytes&);

/// A result file: a JSON array of integers, or an object with such an array under "witness" (what `decide --json` prints); for
/// attention a row under "row" does too, when there is no witness. Throws BadInstance otherwise.
struct ResultNumbers {
  WitnessNumbers witness;
  std::optional<std::uint64_t> row;  ///< only without a witness
};
ResultNumbers read_result(const InputBytes&);

}  // namespace gapwright
