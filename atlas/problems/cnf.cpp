// SPDX-License-Identifier: MIT
// The row of cnf. An instance holds a formula as its file gives it (Dimacs).
#include "atlas/decision_work.hpp"
#include "atlas/problems/instance_data.hpp"
#include "instances/files/dimacs.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "support/write_file.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

const Cnf& formula_of(const AnyInstance& instance) { return instance.as<Dimacs>().cnf; }

RouteStart start_of_formula(const StartNumbers& numbers) {
  if (numbers.vectors || numbers.dimension || numbers.yes_at_least || numbers.no_at_most)
    throw std::invalid_argument("a route from cnf takes `variables` and `clauses`, or a formula");
  RouteStart start;
  start.order = numbers.order;
  start.variables = numbers.variables.value_or(0);
  start.clauses = numbers.clauses.value_or(0);
  if (start.variables > INT32_MAX)
    throw std::invalid_argument("`variables=" + std::to_string(start.variables) + "`: at most 2147483647");
  return start;
}

RouteStart sizes_of_formula(const AnyInstance& instance) {
  RouteStart start;
  start.variables = formula_of(instance).variables;
  start.clauses = formula_of(instance).clauses.size();
  return start;
}

std::string objection_to_assignment(const AnyInstance& instance, const std::optional<AttentionWitness>&,
                                    const WitnessNumbers& witness) {
  const Cnf& cnf = formula_of(instance);
  std::vector<bool> assignment;
  try {
    assignment = assignment_of(witness);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  if (assignment.size() != cnf.variables)
    return "it has " + counted(assignment.size(), "literal") + ", the formula " + counted(cnf.variables, "variable");
  const std::size_t violated = violated_clauses(cnf, assignment);
  return violated == 0 ? "" : "it violates " + std::to_string(violated) + " of " + counted(cnf.clauses.size(), "clause");
}

Remarks remarks_on(const AnyInstance& instance) {
  const auto& dimacs = instance.as<Dimacs>();
  Remarks remarks{dimacs.warnings, {}};
  if (dimacs.tautologies > 0) remarks.notes.push_back(counted(dimacs.tautologies, "tautological clause") + " kept");
  if (dimacs.repeated_literals > 0)
    remarks.notes.push_back(counted(dimacs.repeated_literals, "clause") + " with repeated literals kept");
  return remarks;
}

/// CryptoMiniSat does not look at assignments one by one.
DecisionWork formula_work(const AnyInstance& instance) { return decision_work(formula_of(instance)); }

Decided decide_formula(const AnyInstance& instance, const RunControl& control) {
  const SatAnswer answer = ask_cryptominisat(formula_of(instance), control);
  if (!answer.satisfiable) throw LimitReached("CryptoMiniSat was stopped before it had an answer");
  if (!*answer.satisfiable) return {false, {}, "cryptominisat"};
  if (!accepts(formula_of(instance), answer.model))
    throw std::runtime_error("CryptoMiniSat's model does not satisfy the formula");
  return {true, literals_of(answer.model), "cryptominisat"};
}

}  // namespace

Problem cnf_problem() {
  return {.name = "cnf",
          .meaning = "satisfiability of a formula in conjunctive normal form",
          .witness = "an assignment",
          .hypothesis = "SETH: for every e > 0 some width w makes w-SAT on N variables cost more than 2^((1-e) N) [IP01]",
          .brute_force = "2^N",
          .abbreviations = {"sat", "k-sat"},
          .literals = true,
          .start = start_of_formula,
          .start_numbers = "`variables` and `clauses`",
          .check_start = check_formula_sizes,
          .sizes = sizes_of_formula,
          .read = [](const std::vector<InputFile>& inputs,
                     bool strict) { return AnyInstance(problem_row("cnf"), read_dimacs(inputs.at(0).bytes(), strict)); },
          .write = [](const std::string& path, const AnyInstance& instance, std::optional<bool>,
                      const RunControl&) { write_file(path, dimacs_text(formula_of(instance))); },
          .remarks = remarks_on,
          .made_by = [](const AnyInstance& instance) { return formula_of(instance).made_by; },
          .with_made_by =
              [](AnyInstance instance, Provenance made_by) {
                instance.changed<Dimacs>().cnf.made_by = std::move(made_by);
                return instance;
              },
          .objection = objection_to_assignment,
          .work = formula_work,
          .decide = decide_formula};
}

}  // namespace gapwright
