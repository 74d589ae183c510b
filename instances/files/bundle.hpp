// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "instances/attention_witness.hpp"
#include "instances/files/lift_file.hpp"
#include "instances/provenance.hpp"
#include "support/files.hpp"

// A reduction as a folder: manifest.json, the source, the target, and the lift table that leads a witness back (docs/formats.md).
namespace gapwright {

/// One file of a bundle.
struct BundleFile {
  std::string file;     ///< its name in the folder, without a path
  std::string name;     ///< what it was called where it came from
  std::string problem;  ///< cnf, orthogonal-vectors, gap-max-ip, attention; lift for the table
  std::string sha256;
  std::uint64_t bytes = 0;
  bool operator==(const BundleFile&) const = default;
};

/// Names with exact values: integers as decimal digits, other numbers in 17 digits.
using NamedValues = std::vector<std::pair<std::string, std::string>>;

/// One rule of the path: what its theorem predicted before anything was built, and what was then counted.
struct BundleStep {
  std::string rule, theorem;
  NamedValues parameters, predicted, measured;
  bool operator==(const BundleStep&) const = default;
};

struct Bundle {
  Provenance made_by;
  std::vector<BundleFile> sources;  ///< one, or one per set for .npy vectors
  BundleFile target, lift;
  std::optional<AttentionWitness> witness;  ///< exactly when the target is an attention input
  std::vector<BundleStep> path;
  bool operator==(const Bundle&) const = default;
};

std::string manifest_json(const Bundle&);

/// Reads manifest_json strictly; throws BadInstance for anything else.
Bundle read_manifest(const InputBytes&);

/// The file of the bundle in `folder`, whose size and hash must be the stated ones (BadInstance).
InputBytes open_bundle_file(const std::string& folder, const BundleFile&);

/// What the manifest says of a file with these contents; of one that has just been written.
BundleFile described_file(const std::string& file, const std::string& name, const std::string& problem,
                          const InputBytes& contents);
BundleFile describe_file(const std::string& folder, const std::string& file, const std::string& name, const std::string& problem);

}  // namespace gapwright
