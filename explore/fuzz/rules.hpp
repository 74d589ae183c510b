// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "explore/fuzz/case.hpp"
#include "support/philox.hpp"

// What a campaign needs to know of each rule: how to draw a case, which oracles hold it to account, and which mutants - the rule
// with one thing corrupted where the margin is one - the oracles must kill. One file per rule: fuzz_RULE.cpp.
namespace gapwright {

/// Thrown by FuzzedRule::check for parameters that make no case (fewer sets than k, a code that does not fit): nothing was
/// tested.
struct NoCase : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Findings {
  std::vector<std::string> broken;  ///< oracles, in the rule's order
  std::optional<bool> answer;       ///< of the source, by brute force
  bool changed = false;             ///< the mutant changed something
};

struct FuzzedRule {
  struct Mutant {
    std::string name;
    std::string corrupts;
  };
  std::string name;
  std::vector<std::string> oracles;
  std::vector<Mutant> mutants;
  /// A case from random numbers; with a formula, one whose source is that formula or the vectors made of it.
  std::function<FuzzCase(Random&, const Cnf* formula)> draw;
  /// Runs the rule ("") or one of its mutants through all oracles. An oracle that cannot even be asked because the rule throws is
  /// "throws".
  std::function<Findings(const FuzzCase&, const std::string& mutant)> check;
};

/// All rules, in the order of the chain.
const std::vector<FuzzedRule>& fuzzed_rules();

FuzzedRule fuzz_sat_to_orthogonal_vectors();
FuzzedRule fuzz_orthogonal_vectors_to_attention();
FuzzedRule fuzz_sat_to_attention();
FuzzedRule fuzz_merlin_arthur();
FuzzedRule fuzz_orthogonal_vectors_to_gap_max_ip();
FuzzedRule fuzz_gap_max_ip_forms();
FuzzedRule fuzz_gap_max_ip_to_attention();
FuzzedRule fuzz_sat_to_attention_by_code();
FuzzedRule fuzz_attention_to_gradient();

}  // namespace gapwright
