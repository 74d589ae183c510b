// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "atlas/problem.hpp"
#include "instances/files/lift_file.hpp"

// The way back: a witness of a reduction's target becomes one of its source through the lift table, and both are checked against their
// instances, by the definitions and not by how the bundle says it was made.
namespace gapwright {

struct ExtractRequest {
  std::string bundle;          ///< a folder that reduce wrote, or a lift table
  std::string source, target;  ///< with a lift table: the instances to check against; empty: not checked
};

/// A lift table, what it leads from and to, and how to check both ends where they are known.
struct LiftEnds {
  LiftTable table;
  std::vector<InputFile> source, target;
  std::optional<AttentionWitness> rule;
};

/// `open` reads a file that the request names. Throws BadInstance for files that are none or do not belong together, std::invalid_argument for
/// a source or target beside a bundle.
LiftEnds open_ends(const ExtractRequest& request, const std::function<InputBytes(const std::string& path)>& open);

struct Extracted {
  std::string problem, target_problem;
  WitnessNumbers witness, target_witness;
  bool source_checked = false, target_checked = false;
  std::string
      refused;  ///< why there is no witness: "no witness of the formula (1 -2): it violates 1 of 5 clauses"; empty: there is one
};

/// A row of an attention target without a witness does too: its keys are searched. Throws std::invalid_argument where it is of another target.
Extracted extract(const LiftEnds& ends, const ResultNumbers& result, const RunControl& control);

/// The object of `gapwright extract --json`.
nlohmann::ordered_json extract_json(const Extracted& extracted);

/// "(0, 3)", or the literals of an assignment; of a problem that is not in the atlas indices.
std::string shown_witness(const std::string& problem, const WitnessNumbers& witness);

}  // namespace gapwright
