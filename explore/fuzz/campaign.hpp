// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "explore/fuzz/rules.hpp"
#include "support/limits.hpp"
#include "support/run_control.hpp"

// Campaigns: many cases of a rule, or of its mutants, through all oracles; failures are shrunk. The report depends on seed and
// number of cases only.
namespace gapwright {

struct Campaign {
  std::uint64_t seed = 1;
  std::size_t cases = 0;
  std::vector<Cnf> formulas;  ///< not empty: case i takes formula i, and cases is their number
  RunControl control;
  Limits limits = {};  ///< a case of more tuples ends the campaign
};

/// Every formula with at most n variables and at most n clauses, up to the order of its clauses: clauses are any sets of
/// literals, the empty set, tautologies and repeated clauses included. Throws LimitReached for n > 3, of which there are too many.
std::vector<Cnf> every_formula(std::size_t n);

struct RuleReport {
  std::string rule;
  std::size_t cases = 0, yes = 0, no = 0;
  std::size_t skipped = 0;  ///< no case could be made (a formula too large for the rule)
  std::size_t broken_cases = 0;
  std::map<std::string, std::size_t> broken;  ///< oracle -> number of cases
  std::vector<Regression> failures;           ///< shrunk, one per oracle
};
RuleReport run_campaign(const FuzzedRule& rule, const Campaign& campaign);

struct MutantReport {
  std::string rule, mutant, corrupts;
  std::size_t cases = 0;
  std::size_t changed = 0;                   ///< cases in which the mutant did something
  std::map<std::string, std::size_t> kills;  ///< oracle -> number of cases
  std::optional<Regression> example;         ///< shrunk: the rule passes it, the mutant does not
  bool killed() const { return !kills.empty(); }
};
/// `with_example` asks for the shrunk example.
MutantReport run_mutant(const FuzzedRule& rule, const FuzzedRule::Mutant& mutant, const Campaign& campaign, bool with_example);

/// What is wrong with a regression file now; empty when the rule passes it and the mutant, if one is named, breaks the oracle.
std::string replay(const Regression& regression);

/// Throws std::invalid_argument for an unknown name, listing those there are.
const FuzzedRule& fuzzed_rule(std::string_view name);

}  // namespace gapwright
