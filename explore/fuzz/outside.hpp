// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "explore/fuzz/outside_target.hpp"
#include "instances/cnf.hpp"
#include "support/child_process.hpp"
#include "support/limits.hpp"

// Campaigns against somebody else's reduction from CNF: a program that reads DIMACS and writes a target (docs/trust.md).
namespace gapwright {

struct OutsideRule {
  std::vector<std::string> words;  ///< of the command, with {in}, {out} and perhaps {lift}
  std::string problem;             ///< of the target
  std::size_t order = 2;
  ChildLimits limits;
  Limits own = {};  ///< of the judge: a formula of more assignments ends the campaign, a target of more tuples is undecided
};

enum class OutsideOutcome {
  agrees,
  contradicts,      ///< the target's answer is not the formula's
  outside_promise,  ///< neither threshold of the file is kept
  misstated,        ///< the answer is right, but the file or the lift table says something else that is not so (stated.hpp)
  lift_fails,       ///< a witness lifts to no model, or a claimed bijection is none
  bad_output,       ///< unreadable, another problem or order, numbers that are not finite
  crash,            ///< an exit status other than 0 and 5, or a signal
  timed_out,
  refused,   ///< exit status 5: the program declines the formula
  undecided  ///< the target is too large to be decided here
};
std::string outcome_text(OutsideOutcome);

/// True for what shows the reduction wrong; time-outs, refusals and undecided targets show nothing.
bool refutes(OutsideOutcome);

/// What one formula gave. Messages name no folder.
struct OutsideFinding {
  OutsideOutcome outcome = OutsideOutcome::agrees;
  std::string reason;
  bool satisfiable = false;  ///< by brute force and by CryptoMiniSat
  std::uint64_t models = 0;
  std::optional<TargetSide> side;           ///< of a target that could be read
  std::optional<std::uint64_t> lifted;      ///< witnesses of the target that were led back through the table
  std::optional<std::string> target, lift;  ///< bytes of the files that the program wrote
};

/// Judges the files that a program wrote for a formula of at most 20 variables.
OutsideFinding judge_outside_files(const OutsideRule& rule, const Cnf& cnf, std::string target, std::optional<std::string> lift,
                                   const RunControl& control = {});

/// Runs the program on such a formula and judges what it wrote. Throws std::invalid_argument when the program
/// cannot be run at all, std::logic_error when our own routes disagree.
OutsideFinding try_outside_rule(const OutsideRule& rule, const Cnf& cnf, const RunControl& control = {});

/// Formula `number` of a campaign: corners first (no clauses, an empty clause, unused variables, fewer variables than k, one
/// model, all signs, tautologies, repeated literals), then drawn as for our own rules.
Cnf outside_formula(std::uint64_t seed, std::size_t number);

struct OutsideFailure {
  std::size_t number = 0;  ///< of the case it was found at
  Cnf formula;             ///< shrunk, unless time ran out
  OutsideFinding finding;  ///< of that formula
};

struct OutsideReport {
  std::size_t cases = 0, yes = 0, no = 0;
  std::uint64_t lifted = 0;                        ///< witnesses led back in all cases
  std::map<OutsideOutcome, std::size_t> outcomes;  ///< number of cases; none is left out
  std::vector<OutsideFailure> failures;            ///< the first of every outcome but agrees, shrunk (time-outs are not)
};
OutsideReport run_outside_campaign(const OutsideRule& rule, std::uint64_t seed, std::size_t cases,
                                   const RunControl& control = {});

}  // namespace gapwright
