// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "explore/fuzz/outside.hpp"
#include "instances/files/instance_files.hpp"

// What a call of fuzz with somebody else's reduction asks for and gives.
namespace gapwright {

struct OutsideRequest {
  std::string command;                ///< with {in}, {out} and perhaps {lift} (support/command)
  FileKind to = FileKind::attention;  ///< the problem that it reduces to
  std::size_t order = 3, cases = 200;
  std::uint64_t seed = 1;
  double run_timeout = 10;  ///< seconds for one formula
  std::string folder;       ///< for failing formulas; empty: none is written
  Limits limits = {};
};

/// The problems that it may reduce to.
std::vector<std::string> outside_targets();

/// The rule that the request is about. Throws std::invalid_argument for a command that is none.
OutsideRule outside_rule(const OutsideRequest& request);

struct OutsideResult {
  OutsideRequest request;
  OutsideRule rule;
  OutsideReport report;

  std::string program() const;   ///< its name
  bool lifts() const;            ///< it writes lift tables
  std::size_t refuting() const;  ///< cases that show it wrong
  std::size_t open() const;      ///< that show nothing
  bool inconclusive() const { return refuting() == 0 && (open() > 0 || report.cases == 0); }
  std::string word() const;  ///< "wrong", "inconclusive", "correct on all cases"
};

/// Runs the campaign, and then writes the files of each failure where the request names a folder: OUTCOME.cnf, what the program made of it, and
/// OUTCOME.json.
OutsideResult fuzz_outside(const OutsideRequest& request, const RunControl& control);

/// The formula's file of a failure; empty without a folder.
std::string failure_path(const std::string& folder, const OutsideFailure& failure);

/// The object of `gapwright fuzz --exec --json`, its times apart.
nlohmann::ordered_json outside_json(const OutsideResult& result);

}  // namespace gapwright
