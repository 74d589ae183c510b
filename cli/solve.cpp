// SPDX-License-Identifier: MIT
// solve: options become a request, atlas/solve answers it, and the answer is printed.
#include "atlas/solve.hpp"

#include <fmt/format.h>

#include "cli/code_route.hpp"
#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "cli/guard.hpp"
#include "cli/paths.hpp"
#include "cli/solve_report.hpp"
#include "support/errors.hpp"

namespace gapwright::cli {
namespace {

struct SolveOptions {
  std::string file;
  std::string format = "text";
  bool strict = false;
  SolveRequest request;
};

/// The formula as read, the completed request, and what came of it.
struct Solved {
  Dimacs dimacs;
  SolveRequest request;
  SolveResult result;
};

SolveRequest request_of(const Context& context, const SolveOptions& options) {
  SolveRequest request = options.request;
  request.order = context.order;
  request.family = context.family;
  if (context.seed_given) request.seed = context.seed;
  request.reads = {options.file};
  request.paths_checked = true;  // declare_paths does
  return request;
}

Solved solve(const Context& context, const SolveOptions& options, SolveRequest request) {
  const InputBytes input = open_input(context, options.file);
  Dimacs dimacs = read_dimacs_noted(context, input, options.strict);
  request.name = formula_text(dimacs.cnf);
  request.file = input.name();
  request.sha256 = dimacs.cnf.made_by.sources.at(0).sha256;
  SolveResult result = solve(dimacs.cnf, {dimacs.shown, dimacs.shown_trouble, dimacs.weighted}, request, work_of(context));
  return {std::move(dimacs), std::move(request), std::move(result)};
}

int refuted() {
  report_error(SolveResult::kContradiction);
  return kRefuted;
}

/// The output of solver competitions, and nothing else on standard output.
int solve_for_competition(const Context& context, const SolveOptions& options, const SolveRequest& request) {
  const char* const unknown = "s UNKNOWN\n";
  const auto give_up = [&](const std::string& why) {
    promise_at_timeout(nullptr, kLimit);
    let_memory_go();
    print(context, unknown);
    report_error(why);
    return static_cast<int>(kDone);
  };
  if (context.output == "-") promise_at_timeout(unknown, kDone);
  std::optional<SolveResult> result;
  try {
    result = solve(context, options, request).result;
  } catch (const LimitReached& e) {
    return give_up(e.what());
  } catch (const std::bad_alloc&) {
    return give_up("out of memory; take a smaller formula, another order -k or a higher --memory-limit");
  }
  promise_at_timeout(nullptr, kLimit);
  if (result->contradiction) {
    print(context, unknown);
    return refuted();
  }
  print(context, competition_text(*result));
  return !result->satisfiable ? kDone : *result->satisfiable ? kSatisfiable : kUnsatisfiable;
}

void print_solved(const Context& context, const Solved& solved) {
  const auto& [dimacs, request, result] = solved;
  const std::vector<std::int32_t> shown = dimacs.shown.value_or(std::vector<std::int32_t>{});
  print(context, context.json ? solved_json(dimacs.cnf, result, shown).dump(2) + "\n"
                              : solved_text(dimacs.cnf, request, result, shown.size()));
}

int run_solve(const Context& context, const SolveOptions& options) {
  const SolveRequest request = request_of(context, options);
  check_request(request);
  std::vector<WrittenPath> writes = written_by(request);
  writes.push_back(output_file(context));
  declare_paths(context, request.reads, writes);
  if (options.format == "sat") {
    if (request.count || request.max || context.json)
      throw std::invalid_argument("--format sat stands alone: not with --count, --max or --json");
    return solve_for_competition(context, options, request);
  }
  const Solved solved = solve(context, options, request);
  print_solved(context, solved);
  if (solved.result.contradiction) return refuted();
  return solved.result.satisfiable ? kDone : kInconclusive;
}

}  // namespace

void add_solve(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("solve", "Decide a CNF formula through exact attention, with CryptoMiniSat beside it");
  const auto options = std::make_shared<SolveOptions>();
  SolveRequest& request = options->request;
  verb->add_option("formula", options->file, "DIMACS CNF file, - is standard input")->required();
  verb->add_option("--format", options->format, "text, or sat for the output of solver competitions")
      ->check(CLI::IsMember({"text", "sat"}));
  verb->add_flag("--count", request.count, "the exact number of models");
  verb->add_flag("--project", request.project,
                 "with --count: the number of assignments of the variables of 'c p show' or 'c ind' lines that have models");
  verb->add_flag("--max", request.max, "an assignment violating the fewest clauses");
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->add_option("--certificate", request.certificate, "write what gapwright-check needs to find the answer true by itself");
  verb->add_option("--proof", request.proof, "unsatisfiable formulas: write CaDiCaL's DRAT proof, for gapwright-check --proof");
  add_code_route_options(*verb, request.code, "Merlin's messages: " + advice_words());
  verb->footer(
      examples({"gapwright solve uf20-01.cnf --certificate certificate.json",
                "gapwright solve uf20-01.cnf --route hermitian --field 25", "gapwright solve --format sat - < uf20-01.cnf"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_solve(context, *options); }; });
}

}  // namespace gapwright::cli
