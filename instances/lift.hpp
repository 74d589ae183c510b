// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instances/attention_witness.hpp"

// Lift tables: how a witness of a target becomes one of the source, as plain data that any language applies in a few lines
// (docs/formats.md); instances/files/lift_file.hpp reads and writes them.
namespace gapwright {

/// A witness of any problem as integers: for formulas one DIMACS literal per variable, in order; for the others the index chosen
/// in each set, for attention a row of q and then a row of each key matrix.
using WitnessNumbers = std::vector<std::int64_t>;

/// One rule backwards.
struct LiftStep {
  enum class Kind {
    rows,      ///< index j_u in first[u] .. first[u] + rows[u] - 1 goes to (j_u + shift[u]) mod sizes[u]; others are pads
    bits,      ///< bit b of index u is the value of variable variables[u][b]
    literals,  ///< variable v of the source has the value of literal literals[v - 1] of the target
  };
  std::string rule;  ///< "cnf -> orthogonal-vectors"
  Kind kind = Kind::rows;
  std::vector<std::uint64_t> rows, sizes;
  std::vector<std::vector<std::int32_t>> variables;
  std::vector<std::int32_t> literals;
  std::vector<std::uint64_t> first{}, shift{};  ///< rows; empty: all 0
  bool operator==(const LiftStep&) const = default;
};

/// A rule that keeps the indices. `rows`: vectors in each set.
LiftStep identity_lift(const std::string& rule, const std::vector<std::size_t>& rows);

struct LiftTable {
  std::string from, to;                       ///< problems: of the target, of the source
  std::vector<LiftStep> steps;                ///< in the order in which they are applied to a witness of the target
  bool bijection = false;                     ///< claimed: every witness of the source comes from exactly one of the target
  std::optional<AttentionWitness> witness{};  ///< of an attention target, where no manifest says it
  bool operator==(const LiftTable&) const = default;
};

/// Throws std::invalid_argument, saying which number, when the witness does not fit the table.
WitnessNumbers lift(const LiftTable&, const WitnessNumbers& witness);

/// DIMACS literals of an assignment, and back; the latter throws std::invalid_argument unless literal v is v or -v for every v in
/// order.
WitnessNumbers literals_of(const std::vector<bool>& assignment);
std::vector<bool> assignment_of(const WitnessNumbers& literals);

}  // namespace gapwright
