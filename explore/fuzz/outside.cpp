// SPDX-License-Identifier: MIT
// Campaigns against somebody else's reduction from CNF. Each case: a small formula, the program, and its target decided by the
// independent routes of outside_target.cpp, beside brute force and CryptoMiniSat on the formula. With a lift table every witness
// of the target must lead to a model; the table's claim of a bijection is checked by counting both.
#include "explore/fuzz/outside.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>

#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/shrink.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/lift_file.hpp"
#include "support/command.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "support/write_file.hpp"
#include "verify/brute_force.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kMostVariables = 6, kMostClauses = 20;
constexpr std::size_t kMostTries = 150;  // of the shrinker: each runs the program
constexpr std::uint64_t kStream = 0x6f75747369646500U;
constexpr OutsideOutcome kOutcomes[] = {OutsideOutcome::agrees,    OutsideOutcome::contradicts, OutsideOutcome::outside_promise,
                                        OutsideOutcome::misstated, OutsideOutcome::lift_fails,  OutsideOutcome::bad_output,
                                        OutsideOutcome::crash,     OutsideOutcome::timed_out,   OutsideOutcome::refused,
                                        OutsideOutcome::undecided};

const std::vector<Cnf>& corners() {
  static const std::vector<Cnf> all{
      {0, {}, {}},
      {0, {{}}, {}},
      {1, {{1}}, {}},
      {1, {{1}, {-1}}, {}},
      {3, {}, {}},
      {3, {{2}}, {}},
      {2, {{1, 2}, {-1, 2}, {1, -2}}, {}},
      {2, {{1, 2}, {-1, 2}, {1, -2}, {-1, -2}}, {}},
      {3, {{1, -2}, {}, {3}}, {}},
      {2, {{1, -1}, {2, 2}, {-2, -2, 1}}, {}},
  };
  return all;
}

/// The message without our folder's name, which differs from run to run, and on one line.
std::string told(std::string text, const WorkFolder& folder) {
  const std::string prefix = folder.path().string() + "/";
  for (std::size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = '?';
  return text;
}

std::optional<std::string> contents(const std::string& path) {
  if (!flaw_of_output(path).empty()) return std::nullopt;
  const InputBytes input = InputBytes::open(path);
  return std::string(input.text());
}

void write_formula(const std::string& path, const Cnf& cnf) { write_file(path, dimacs_text(cnf)); }

/// The table that the program wrote. BadInstance when it does not fit.
LiftTable table_of(const std::string& text, const OutsideRule& rule) {
  LiftTable table = read_lift(InputBytes::from(text, "lift table"));
  if (table.from != rule.problem || table.to != "cnf")
    throw BadInstance(fmt::format("lift table: leads from '{}' to '{}', wanted is from {} to cnf", table.from.substr(0, 40),
                                  table.to.substr(0, 40), rule.problem));
  return table;
}

std::string tuple_text(const WitnessNumbers& witness) { return fmt::format("({})", fmt::join(witness, ", ")); }

/// Why the table does not lead all witnesses back; empty when it does.
std::string lift_flaw(const LiftTable& table, const OutsideTarget& target, const Cnf& cnf, std::uint64_t models) {
  std::set<std::vector<bool>> reached;
  for (const WitnessNumbers& witness : target.witnesses) {
    std::vector<bool> assignment;
    try {
      assignment = assignment_of(lift(table, witness));
    } catch (const std::invalid_argument& e) {
      return fmt::format("witness {} of the target cannot be lifted: {}", tuple_text(witness), e.what());
    }
    if (assignment.size() != cnf.variables)
      return fmt::format("witness {} lifts to {} literals, the formula has {} variables", tuple_text(witness), assignment.size(),
                         cnf.variables);
    if (const std::size_t violated = violated_clauses(cnf, assignment); violated > 0)
      return fmt::format("witness {} lifts to an assignment that violates {} of {} clauses", tuple_text(witness), violated,
                         cnf.clauses.size());
    reached.insert(std::move(assignment));
  }
  if (target.side == TargetSide::yes && target.witnesses.empty())
    return "the target is yes, but no tuple is a witness by the table's 'witness' rule";
  if (table.bijection && target.witnesses.size() != models)
    return fmt::format("the table claims a bijection; the target has {} witnesses, the formula {} models",
                       target.witnesses.size(), models);
  if (table.bijection && reached.size() != models)
    return fmt::format("the table claims a bijection; {} witnesses lift to {} models", target.witnesses.size(), reached.size());
  return "";
}

std::uint64_t most_tuples(const Limits& limits) {
  return limits.tuples < kMostOutsideTuples ? mpz_class(limits.tuples).get_ui() : kMostOutsideTuples;
}

void judge(OutsideFinding& finding, const OutsideRule& rule, const Cnf& cnf, const RunControl& control) {
  const auto conclude = [&](OutsideOutcome outcome, std::string reason) {
    finding.outcome = outcome;
    finding.reason = std::move(reason);
  };
  try {
    std::optional<LiftTable> table;
    if (mentions(rule.words, "{lift}")) {
      if (!finding.lift) return conclude(OutsideOutcome::bad_output, "it wrote no lift table");
      table = table_of(*finding.lift, rule);
    }
    const AttentionWitness witness = table ? table->witness.value_or(AttentionWitness{}) : AttentionWitness{};
    const OutsideTarget target = judge_outside_target(InputFile(InputBytes::from(*finding.target, "target")), rule.problem,
                                                      rule.order, witness, control, most_tuples(rule.own));
    finding.side = target.side;
    const bool decided = target.side != TargetSide::undecided;
    if (target.side == TargetSide::outside_promise) return conclude(OutsideOutcome::outside_promise, target.reason);
    if (decided && (target.side == TargetSide::yes) != finding.satisfiable)
      return conclude(OutsideOutcome::contradicts,
                      fmt::format("the formula is {}, the target {}",
                                  finding.satisfiable ? fmt::format("satisfiable ({} models)", finding.models) : "unsatisfiable",
                                  side_text(target.side)));
    if (target.expected && *target.expected != finding.satisfiable)
      return conclude(OutsideOutcome::misstated,
                      fmt::format("the target states expected = {}, the formula is {}", *target.expected ? "yes" : "no",
                                  finding.satisfiable ? "satisfiable" : "unsatisfiable"));
    if (!target.misstatement.empty()) return conclude(OutsideOutcome::misstated, "the target: " + target.misstatement);
    if (table)
      if (const std::string flaw = false_table(*table, target.rows, cnf.variables); !flaw.empty())
        return conclude(OutsideOutcome::misstated, "the lift table: " + flaw);
    if (!decided) return conclude(OutsideOutcome::undecided, target.reason);
    if (!table) return;
    if (const std::string flaw = lift_flaw(*table, target, cnf, finding.models); !flaw.empty())
      return conclude(OutsideOutcome::lift_fails, flaw);
    finding.lifted = target.witnesses.size();
  } catch (const BadInstance& e) {
    conclude(OutsideOutcome::bad_output, e.what());
  }
}

/// What is known of the formula before the program's files are looked at.
OutsideFinding finding_of(const Cnf& cnf, const RunControl& control) {
  OutsideFinding finding;
  finding.models = enumerate_assignments(cnf).models;
  finding.satisfiable = finding.models > 0;
  if (const auto solver = ask_cryptominisat(cnf, control).satisfiable; solver != finding.satisfiable)
    throw std::logic_error("CryptoMiniSat and brute force disagree about a formula; please report it");
  return finding;
}

OutsideFailure shrunk_failure(const OutsideRule& rule, OutsideFailure failure, const RunControl& control) {
  const OutsideOutcome outcome = failure.finding.outcome;
  if (outcome == OutsideOutcome::timed_out) return failure;  // every try would take the whole time
  FuzzCase start;
  start.source = failure.formula;
  start.parameters.order = rule.order;
  start.parameters.q = 2;
  start.parameters.degree = 0;
  start.parameters.blocks = 1;
  const FuzzCase smallest = shrunk(
      start,
      [&](const FuzzCase& c) {
        return c.parameters == start.parameters && try_outside_rule(rule, std::get<Cnf>(c.source), control).outcome == outcome;
      },
      kMostTries);
  OutsideFailure smaller{failure.number, std::get<Cnf>(smallest.source), {}};
  smaller.finding = try_outside_rule(rule, smaller.formula, control);
  return smaller.finding.outcome == outcome ? smaller : failure;  // a program need not answer alike each time
}

}  // namespace

std::string outcome_text(OutsideOutcome outcome) {
  switch (outcome) {
    case OutsideOutcome::agrees:
      return "agrees";
    case OutsideOutcome::contradicts:
      return "contradicts";
    case OutsideOutcome::outside_promise:
      return "outside-promise";
    case OutsideOutcome::misstated:
      return "misstated";
    case OutsideOutcome::lift_fails:
      return "lift-fails";
    case OutsideOutcome::bad_output:
      return "bad-output";
    case OutsideOutcome::crash:
      return "crash";
    case OutsideOutcome::timed_out:
      return "timed-out";
    case OutsideOutcome::refused:
      return "refused";
    case OutsideOutcome::undecided:
      break;
  }
  return "undecided";
}

bool refutes(OutsideOutcome outcome) {
  return outcome != OutsideOutcome::agrees && outcome != OutsideOutcome::timed_out && outcome != OutsideOutcome::refused &&
         outcome != OutsideOutcome::undecided;
}

OutsideFinding judge_outside_files(const OutsideRule& rule, const Cnf& cnf, std::string target, std::optional<std::string> lift,
                                   const RunControl& control) {
  OutsideFinding finding = finding_of(cnf, control);
  finding.target = std::move(target);
  finding.lift = std::move(lift);
  judge(finding, rule, cnf, control);
  return finding;
}

OutsideFinding try_outside_rule(const OutsideRule& rule, const Cnf& cnf, const RunControl& control) {
  control.check();
  check_tuples(rule.own, "a formula of " + std::to_string(cnf.variables) + " variables", mpz_class(1) << cnf.variables,
               cnf.clauses.size());
  const WorkFolder folder;
  const auto file = [&](const char* name) { return (folder.path() / name).string(); };
  const std::string in = file("in.cnf"), out = file("out.safetensors"), lift = file("lift.json");
  write_formula(in, cnf);
  const ChildEnd end = run_command(rule.words, {{"{in}", in}, {"{out}", out}, {"{lift}", lift}}, folder, rule.limits, control);
  if (end.how == ChildEnd::exited && end.code == kNotRun && end.messages.find(" cannot be run: ") != std::string::npos)
    throw std::invalid_argument("`exec`: " + end.messages.substr(0, end.messages.find('\n')));
  OutsideFinding finding;
  if (end.how != ChildEnd::exited || end.code != 0) {
    finding = finding_of(cnf, control);
    finding.outcome = end.how == ChildEnd::timed_out                        ? OutsideOutcome::timed_out
                      : end.how == ChildEnd::exited && end.code == kRefusal ? OutsideOutcome::refused
                                                                            : OutsideOutcome::crash;
    finding.reason = describe(end, rule.limits);
  } else if (auto target = contents(out)) {
    finding = judge_outside_files(rule, cnf, *std::move(target), contents(lift), control);
  } else {
    finding = finding_of(cnf, control);
    finding.outcome = OutsideOutcome::bad_output;
    finding.reason = flaw_of_output(out);
    finding.lift = contents(lift);
  }
  finding.reason = shown_message(told(finding.reason, folder));
  return finding;
}

Cnf outside_formula(std::uint64_t seed, std::size_t number) {
  if (number < corners().size()) return corners()[number];
  Random random(seed, kStream + number);
  const std::size_t variables = 2 + random.below(kMostVariables - 1);
  const std::size_t clauses = 4 + random.below(kMostClauses - 3);
  return draw_formula(random, variables, clauses);
}

OutsideReport run_outside_campaign(const OutsideRule& rule, std::uint64_t seed, std::size_t cases, const RunControl& control) {
  OutsideReport report;
  for (const OutsideOutcome outcome : kOutcomes) report.outcomes[outcome] = 0;
  RunControl quiet = control;
  quiet.progress = nullptr;
  for (std::size_t i = 0; i < cases; ++i) {
    OutsideFailure one{i, outside_formula(seed, i), {}};
    one.finding = try_outside_rule(rule, one.formula, quiet);
    ++report.cases;
    ++(one.finding.satisfiable ? report.yes : report.no);
    report.lifted += one.finding.lifted.value_or(0);
    const bool first = ++report.outcomes[one.finding.outcome] == 1;
    if (first && one.finding.outcome != OutsideOutcome::agrees)
      report.failures.push_back(shrunk_failure(rule, std::move(one), quiet));
    if (control.progress) control.progress(static_cast<double>(i + 1) / static_cast<double>(cases));
  }
  return report;
}

}  // namespace gapwright
