// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/json.hpp"

// The manifest and the lift table of a bundle (docs/formats.md), read strictly: every key must be there, and none that we do not
// know.
namespace checker {

struct ManifestFile {
  std::string file, name, problem, sha256;
  std::uint64_t bytes = 0;
};

struct ManifestStep {
  std::string rule, theorem;
  std::map<std::string, std::string> parameters, predicted, measured;
};

/// When a tuple of an attention target is a witness: the product in units of B^k, times `unit`, is at least `least` - 1/2, or,
/// without `least`, at most 1/2.
struct WitnessRule {
  std::string unit;
  std::optional<std::uint64_t> least;
  bool operator==(const WitnessRule&) const = default;
};

struct Manifest {
  Value provenance;
  std::string version, command;                              ///< of the provenance
  std::vector<std::pair<std::string, std::string>> origins;  ///< of the provenance: name and SHA-256 of each source
  std::vector<ManifestFile> sources;
  ManifestFile target, lift;
  std::optional<WitnessRule> witness;
  std::vector<ManifestStep> path;
};
/// Throws BadInput for text that is no JSON, Rejected for JSON that is no manifest.
Manifest read_manifest(std::string_view text);

/// One step of a lift table. rows: index j at position u, one of rows[u] from first[u] on, becomes (j + shift[u]) mod sizes[u].
/// bits: bit b of index u is the value of variable variables[u][b].
struct LiftStep {
  std::string rule, kind;
  std::vector<std::uint64_t> rows, sizes, first, shift;  ///< all of one length
  std::vector<std::vector<std::uint64_t>> variables;
};
struct LiftTable {
  std::string from, to;
  std::vector<LiftStep> steps;
  std::optional<WitnessRule> witness;  ///< as that of the manifest, if it is there at all
};
LiftTable read_lift_table(std::string_view text);

}  // namespace checker
