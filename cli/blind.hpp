// SPDX-License-Identifier: MIT
#pragma once
#include <CLI/CLI.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "instances/provenance.hpp"

// Instances that tell nothing of their answer: for a test of somebody else's solver.
namespace gapwright::cli {

struct BlindOptions {
  bool blind = false;
  std::string answers;  ///< file for what the instance does not say
};
void add_blind_options(CLI::App& verb, BlindOptions& options);

/// What is known about an instance that was written.
struct KnownAnswer {
  std::optional<bool> expected;
  std::string reason;  ///< planted, or a theorem's name
  std::optional<std::vector<std::int64_t>> witness;
  Provenance made_by;  ///< complete, with seed and sources
};

/// The provenance to write into the instance: with --blind only `command` and " --blind", no seed and no sources.
Provenance shown_provenance(const BlindOptions& options, const Provenance& made_by, const std::string& command);
/// `expected` as it may be written into the instance.
std::optional<bool> shown_answer(const BlindOptions& options, std::optional<bool> expected);

/// Writes the answers file, if one was asked for: {"file", "sha256", "expected", "known", "witness", "provenance"}.
void write_answers(const Context& context, const BlindOptions& options, const KnownAnswer& known);

}  // namespace gapwright::cli
