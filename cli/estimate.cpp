// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "atlas/estimate.hpp"
#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/direct_options.hpp"
#include "cli/formula.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "support/decimal.hpp"

namespace gapwright::cli {
namespace {

struct EstimateOptions {
  std::string file;
  bool from_file = false;
  EstimateRequest request;  ///< order and delta apart
  std::string delta;
};

std::string estimate_text(const Context& context, const Cnf& cnf, const Estimate& estimate) {
  const DirectEmbedding& e = estimate.direct;
  std::string sizes;
  for (const mpz_class& n : e.set_sizes) sizes += (sizes.empty() ? "" : ", ") + size_text(n);
  return line("formula", formula_text(cnf, estimate.request.clauses)) +
         line("k-OV", fmt::format("k = {}: sets of {} vectors in dimension {}; {}", context.order, sizes, e.vector_dimension,
                                  bytes_text(estimate.vector_bits / 8))) +
         line("attention", fmt::format("direct: q {} x {}, {} as 64-bit floats", size_text(e.rows()), e.dimension,
                                       bytes_text(e.tensor_bits / 8))) +
         line("entries", fmt::format("B = {:.17g}, gamma = {}", e.entry_bound, decimal_down(e.gamma, 8))) +
         line("thresholds",
              fmt::format("yes: out >= {}, no: out <= {}", decimal_down(e.yes_at_least, 12), decimal_up(e.no_at_most, 12))) +
         line("gradients", fmt::format("--delta {} at most: B = {:.17g}", delta_text(estimate.for_gradients.delta),
                                       estimate.for_gradients.entry_bound)) +
         line("tuples", fmt::format("{} ({})", size_text(estimate.tuples), count_text(estimate.tuples))) +
         line("memory",
              fmt::format("{}, {} the limit of {}", bytes_text(estimate.memory),
                          estimate.memory <= context.limits.memory ? "within" : "ABOVE", bytes_text(context.limits.memory))) +
         line("time", fmt::format("{} if every tuple were looked at; the verdict method skips most tuples of most formulas",
                                  time_text(estimate.tuples, e.vector_dimension)));
}

int run_estimate(const Context& context, const EstimateOptions& options) {
  declare_paths(context, options.from_file ? std::vector{options.file} : std::vector<std::string>{}, {output_file(context)});
  EstimateRequest request = options.request;
  request.order = context.order;
  request.delta = delta_of(options.delta);
  Cnf cnf;
  cnf.variables = request.variables;
  if (options.from_file) {
    cnf = read_formula(context, open_input(context, options.file), false);
    request.variables = cnf.variables;
    request.clauses = cnf.clauses.size();
    request.made_by = cnf.made_by;
  }
  const Estimate e = estimate(request);
  print(context, context.json ? estimate_json(e, context.limits).dump(2) + "\n" : estimate_text(context, cnf, e));
  return kDone;
}

}  // namespace

void add_estimate(CLI::App& app, Context& context) {
  auto* verb =
      app.add_subcommand("estimate", "Exact sizes, bounds and thresholds of a formula's instances, without building them");
  const auto options = std::make_shared<EstimateOptions>();
  auto* file = verb->add_option("formula", options->file, "DIMACS CNF file");
  auto* variables = verb->add_option("--variables", options->request.variables, "number of variables instead of a file")
                        ->check(whole_number())
                        ->check(CLI::Range(std::int64_t{0}, std::int64_t{INT32_MAX}))
                        ->excludes(file);
  auto* clauses = verb->add_option("--clauses", options->request.clauses, "number of clauses instead of a file")
                      ->check(whole_number())
                      ->check(CLI::Range(std::int64_t{0}, INT64_MAX / 2))
                      ->excludes(file)
                      ->needs(variables);
  variables->needs(clauses);
  add_direct_flags(*verb, options->request.direct);
  add_delta_option(*verb, options->delta);
  verb->footer(examples({"gapwright estimate uf20-01.cnf", "gapwright estimate --variables 54 --clauses 230 -k 3",
                         "gapwright estimate --variables 40 --clauses 170 -k 2 --json"}));
  verb->callback([&context, options, file, variables] {
    if (file->count() == 0 && variables->count() == 0) throw CLI::ValidationError("give a formula, or --variables and --clauses");
    options->from_file = file->count() > 0;
    context.command = [&context, options] { return run_estimate(context, *options); };
  });
}

}  // namespace gapwright::cli
