// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "explore/fuzz/campaign.hpp"
#include "support/files.hpp"

// What a call of fuzz asks for and gives: campaigns against one or all of our rules, and regression files run again.
namespace gapwright {

struct FuzzRequest {
  std::string rule = "all";
  std::uint64_t seed = 1;
  std::size_t cases = 200;                ///< of each rule
  bool mutants = false;                   ///< also run those of the rules
  std::optional<std::size_t> exhaustive;  ///< instead of random sources: every formula of at most this many variables and clauses
  std::string folder;                     ///< for a regression file of each failure; empty: none is written
  Limits limits = {};
};

struct FuzzResult {
  FuzzRequest request;
  std::vector<RuleReport> rules;
  std::vector<MutantReport> mutants;  ///< in the order of the rules

  std::size_t failures() const;
  std::size_t survivors() const;  ///< mutants that no oracle killed
  bool clean() const { return failures() == 0 && survivors() == 0; }
};

/// How each stage is watched, by its name: "fuzz RULE", "mutant RULE NAME".
using StageControl = std::function<RunControl(const std::string& stage)>;

/// Regression files are written as failures are found. Throws std::invalid_argument for an unknown rule, a folder that is none.
FuzzResult fuzz_rules(const FuzzRequest& request, const StageControl& control);

/// The file that holds the failure; empty without a folder.
std::string regression_path(const std::string& folder, const Regression& regression);

/// The object of `gapwright fuzz --json`, its times apart.
nlohmann::ordered_json fuzz_json(const FuzzResult& result);

/// A regression file, and what is wrong with it now; empty: nothing.
struct Replayed {
  std::string file;
  Regression regression;
  std::string wrong;
};
Replayed replay_file(const InputBytes& input);
bool all_passed(const std::vector<Replayed>& files);
/// The object of `gapwright fuzz --replay --json`.
nlohmann::ordered_json replay_json(const std::vector<Replayed>& files);

/// Makes the folder, if it is not there, for files of what `failed`. Throws std::invalid_argument when that cannot be.
void make_failures_folder(const std::string& folder, const std::string& failed);

}  // namespace gapwright
