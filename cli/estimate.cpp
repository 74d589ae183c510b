// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/delta_option.hpp"
#include "cli/formula.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "support/decimal.hpp"

namespace gapwright::cli {
namespace {

struct EstimateOptions {
  std::string file;
  bool from_file = false;
  std::size_t variables = 0;
  std::size_t clauses = 0;
  bool square = false, centred = false;
  std::string delta;
};

int run_estimate(const Context& context, const EstimateOptions& options) {
  declare_paths(context, options.from_file ? std::vector{options.file} : std::vector<std::string>{}, {output_file(context)});
  Cnf cnf;
  cnf.variables = options.variables;
  if (options.from_file) cnf = read_formula(context, open_input(context, options.file), false);
  const std::size_t clauses = options.from_file ? cnf.clauses.size() : options.clauses;  // numbers only: nothing is built
  check_listable(cnf, context.order);
  const SatToOrthogonalVectors to_vectors(cnf, context.order);
  std::vector<mpz_class> set_sizes;
  for (std::size_t u = 0; u < context.order; ++u) set_sizes.push_back(to_vectors.set_size(u));
  DirectOptions direct;
  direct.square = options.square;
  direct.centred = options.centred;
  direct.delta = delta_of(options.delta).value_or(forward_delta());
  const DirectEmbedding e = direct_embedding(set_sizes, clauses, direct);
  direct.delta = gradient_delta(e.rows());
  const DirectEmbedding for_gradients = direct_embedding(set_sizes, clauses, direct);
  const mpz_class tuples = e.main_tuples * e.query_rows;
  mpz_class vectors = 0;
  for (const mpz_class& n : e.set_sizes) vectors += n;
  const mpz_class vector_bits = vectors * e.vector_dimension;
  const mpz_class memory = decision_bytes(e);
  const bool fits = memory <= context.limits.memory;
  if (context.json) {
    auto sizes = nlohmann::ordered_json::array();
    for (const mpz_class& n : e.set_sizes) sizes.push_back(exact_json(n));
    const nlohmann::ordered_json json{
        {"order", context.order},
        {"variables", cnf.variables},
        {"clauses", clauses},
        {"sizes", sizes},
        {"dimension", e.vector_dimension},
        {"tuples", exact_json(tuples)},
        {"orthogonal_vectors_bits", exact_json(vector_bits)},
        {"attention_dimension", e.dimension},
        {"attention_bytes", exact_json(e.tensor_bits / 8)},
        {"entry_bound", e.entry_bound},
        {"gamma", decimal_down(e.gamma, 17)},
        {"yes_at_least", decimal_down(e.yes_at_least, 17)},
        {"no_at_most", decimal_up(e.no_at_most, 17)},
        {"delta", delta_text(e.delta)},
        {"gradient", {{"delta", delta_text(direct.delta)}, {"entry_bound", for_gradients.entry_bound}}},
        {"memory_bytes", exact_json(memory)},
        {"fits", fits}};
    print(context, json.dump(2) + "\n");
    return kDone;
  }
  std::string sizes;
  for (const mpz_class& n : e.set_sizes) sizes += (sizes.empty() ? "" : ", ") + size_text(n);
  print(
      context,
      line("formula", formula_text(cnf, clauses)) +
          line("k-OV", fmt::format("k = {}: sets of {} vectors in dimension {}; {}", context.order, sizes, e.vector_dimension,
                                   bytes_text(vector_bits / 8))) +
          line("attention", fmt::format("direct: q {} x {}, {} as 64-bit floats", size_text(e.rows()), e.dimension,
                                        bytes_text(e.tensor_bits / 8))) +
          line("entries", fmt::format("B = {:.17g}, gamma = {}", e.entry_bound, decimal_down(e.gamma, 8))) +
          line("thresholds",
               fmt::format("yes: out >= {}, no: out <= {}", decimal_down(e.yes_at_least, 12), decimal_up(e.no_at_most, 12))) +
          line("gradients", fmt::format("--delta {} at most: B = {:.17g}", delta_text(direct.delta), for_gradients.entry_bound)) +
          line("tuples", fmt::format("{} ({})", size_text(tuples), count_text(tuples))) +
          line("memory", fmt::format("{}, {} the limit of {}", bytes_text(memory), fits ? "within" : "ABOVE",
                                     bytes_text(context.limits.memory))) +
          line("time", fmt::format("{} if every tuple were looked at; the verdict method skips most tuples of most formulas",
                                   time_text(tuples, e.vector_dimension))));
  return kDone;
}

}  // namespace

void add_estimate(CLI::App& app, Context& context) {
  auto* verb =
      app.add_subcommand("estimate", "Exact sizes, bounds and thresholds of a formula's instances, without building them");
  const auto options = std::make_shared<EstimateOptions>();
  auto* file = verb->add_option("formula", options->file, "DIMACS CNF file");
  auto* variables = verb->add_option("--variables", options->variables, "number of variables instead of a file")
                        ->check(whole_number())
                        ->check(CLI::Range(std::int64_t{0}, std::int64_t{INT32_MAX}))
                        ->excludes(file);
  auto* clauses = verb->add_option("--clauses", options->clauses, "number of clauses instead of a file")
                      ->check(whole_number())
                      ->check(CLI::Range(std::int64_t{0}, INT64_MAX / 2))
                      ->excludes(file)
                      ->needs(variables);
  variables->needs(clauses);
  verb->add_flag("--square", options->square, "equal numbers of rows");
  add_delta_option(*verb, options->delta);
  verb->add_flag("--centred", options->centred, "-k 2: keys B and -B, B smaller by the square root of 2");
  verb->footer(examples({"gapwright estimate uf20-01.cnf", "gapwright estimate --variables 54 --clauses 230 -k 3",
                         "gapwright estimate --variables 40 --clauses 170 -k 2 --json"}));
  verb->callback([&context, options, file, variables] {
    if (file->count() == 0 && variables->count() == 0) throw CLI::ValidationError("give a formula, or --variables and --clauses");
    options->from_file = file->count() > 0;
    context.command = [&context, options] { return run_estimate(context, *options); };
  });
}

}  // namespace gapwright::cli
