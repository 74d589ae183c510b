#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/limits.hpp"
#include "instances/dimacs.hpp"
#include "instances/instance_files.hpp"
#include "instances/random_attention.hpp"
#include "instances/random_ksat.hpp"

namespace gapwright::cli {
namespace {

struct RandomKsatOptions {
  std::size_t variables = 0;
  std::size_t clauses = 0;
  std::size_t width = 3;
  bool plant = false;
};

int run_random_ksat(const Context& context, const RandomKsatOptions& options) {
  // A clause takes its literals, its vector, and its text of at most 12 characters a literal, twice while the text grows.
  check_memory(context, "the formula", mpz_class(options.clauses) * (mpz_class(options.width) * 28 + 44) + options.variables / 4);
  Cnf cnf = random_ksat(options.variables, options.clauses, options.width, options.plant, context.seed, run_control(context, "")).cnf;
  cnf.made_by.command = fmt::format("gen random-ksat --variables {} --clauses {} --width {}{} --seed {}", options.variables, options.clauses, options.width,
                                    options.plant ? " --plant" : "", context.seed);
  cnf.made_by.seed = context.seed;
  OutputFile file(context.output);
  file.write(dimacs_text(cnf));
  file.commit();
  return kDone;
}

struct RandomAttentionOptions {
  std::size_t rows = 0;
  std::size_t dimension = 0;
  double entry_bound = 1;
};

int run_attention(const Context& context, const RandomAttentionOptions& options) {
  check_memory(context, "gen attention", mpz_class(options.rows) * options.dimension * (2 * context.order - 1) * 8);
  Attention a = random_attention(options.rows, options.dimension, options.entry_bound, context.order, context.seed);
  a.terms.made_by.command = fmt::format("gen attention --rows {} --dimension {} --entry-bound {} -k {} --seed {}", options.rows, options.dimension,
                                        options.entry_bound, context.order, context.seed);
  write_attention(context.output, a);
  return kDone;
}

void add_attention(CLI::App& verb, Context& context) {
  auto* attention = verb.add_subcommand("attention", "Random attention input of order -k: entries uniform in [-B, B], values in [-1, 1]");
  const auto options = std::make_shared<RandomAttentionOptions>();
  attention->add_option("--rows", options->rows, "rows of every matrix")->required();
  attention->add_option("--dimension", options->dimension, "columns of every matrix")->required();
  attention->add_option("--entry-bound", options->entry_bound, "B")->capture_default_str();
  attention->footer(examples({"gapwright gen attention --rows 1024 --dimension 64 --seed 1 -o random.safetensors",
                              "gapwright gen attention --rows 100000 --dimension 8 --entry-bound 1 -k 3 -o bounded.safetensors",
                              "gapwright gen attention --rows 256 --dimension 16 --entry-bound 4 -k 2 | gapwright attend - -o out.safetensors"}));
  attention->callback([&context, options] { context.command = [&context, options] { return run_attention(context, *options); }; });
}

}  // namespace

void add_gen(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("gen", "Generate instances");
  verb->require_subcommand(1);
  auto* random = verb->add_subcommand("random-ksat", "Uniform random width-SAT, optionally with a planted model");
  const auto options = std::make_shared<RandomKsatOptions>();
  random->add_option("--variables", options->variables, "number of variables")->check(whole_number())->required();
  random->add_option("--clauses", options->clauses, "number of clauses")->check(whole_number())->required();
  random->add_option("--width", options->width, "literals per clause")->check(whole_number())->capture_default_str();
  random->add_flag("--plant", options->plant, "draw a model first, and clauses that it satisfies");
  const std::string text = examples({"gapwright gen random-ksat --variables 30 --clauses 128 --seed 7 -o r30.cnf",
                                     "gapwright gen random-ksat --variables 30 --clauses 128 --plant --seed 7 -o planted.cnf",
                                     "gapwright gen random-ksat --variables 20 --clauses 85 --seed 1 | gapwright solve -"});
  random->footer(text);
  verb->footer(text);
  add_attention(*verb, context);
  random->callback([&context, options] { context.command = [&context, options] { return run_random_ksat(context, *options); }; });
}

}  // namespace gapwright::cli
