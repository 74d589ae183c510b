// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include "cli/formula.hpp"
#include "cli/gen.hpp"
#include "cli/paths.hpp"
#include "instances/generators/quiet_ksat.hpp"
#include "instances/generators/random_ksat.hpp"

namespace gapwright::cli {
namespace {

struct RandomKsatOptions {
  std::size_t variables = 0;
  std::size_t clauses = 0;
  std::size_t width = 3;
  std::string plant;  ///< a KsatPlanting; empty: nothing planted
  bool spread = false;
  FormulaOptions formula;
};

int run_random_ksat(const Context& context, const RandomKsatOptions& options) {
  declare_formula_paths(context, options.formula);
  const auto planting = find_named<KsatPlanting>(options.plant);
  const bool quiet = planting == KsatPlanting::quiet, plant = planting.has_value(), spread = quiet || options.spread;
  check_memory(context.limits, "the formula", ksat_bytes(options.variables, options.clauses, options.width, plant));
  if (context.order_given && !spread) throw std::invalid_argument("-k goes with --plant=quiet or --spread; leave it out");
  if (options.spread && planting == KsatPlanting::uniform)
    throw std::invalid_argument(
        "--spread goes with --plant=quiet, or with no planting: then it is the null model of quiet planting");
  RandomKsat made =
      spread ? quiet_ksat(options.variables, options.clauses, options.width, context.order, quiet, context.seed,
                          run_control(context, ""))
             : random_ksat(options.variables, options.clauses, options.width, plant, context.seed, run_control(context, ""));
  GeneratedFormula formula{std::move(made.cnf), true, {}, "", std::move(made.planted), "gen random-ksat"};
  if (formula.planted) {
    formula.satisfiable = true;
    formula.reason = "planted";
  }
  formula.cnf.made_by.command =
      ksat_command(options.variables, options.clauses, options.width, planting, options.spread, context.order);
  return write_formula(context, options.formula, std::move(formula));
}

struct FormulaFile {
  std::string file;
  FormulaOptions formula;
};

int run_formula(const Context& context, const FormulaFile& options) {
  declare_formula_paths(context, options.formula, options.file);
  GeneratedFormula formula{read_formula(context, open_input(context, options.file), false), false, {}, "", {}, "gen formula"};
  formula.cnf.made_by.command = "gen formula " + formula.cnf.made_by.sources.at(0).name;
  return write_formula(context, options.formula, std::move(formula));
}

}  // namespace

void add_gen_ksat(CLI::App& verb, Context& context) {
  auto* random = verb.add_subcommand("random-ksat", "Uniform random width-SAT, optionally with a planted model");
  const auto options = std::make_shared<RandomKsatOptions>();
  random->add_option("--variables", options->variables, "number of variables")->check(whole_number())->required();
  random->add_option("--clauses", options->clauses, "number of clauses")->check(whole_number())->required();
  random->add_option("--width", options->width, "literals per clause")->check(whole_number())->capture_default_str();
  random
      ->add_flag("--plant{uniform}", options->plant,
                 "draw a model first; uniform: clauses that it satisfies; --plant=quiet: such that no single set of the k-OV "
                 "instance shows it")
      ->check(CLI::IsMember(names<KsatPlanting>()));
  random->add_flag("--spread", options->spread,
                   "every clause touches two of the k groups of variables: the null model of --plant=quiet");
  add_formula_options(*random, options->formula, true);
  random->footer(examples(
      {"gapwright gen random-ksat --variables 30 --clauses 128 --seed 7 -o r30.cnf",
       "gapwright gen random-ksat --variables 30 --clauses 128 --plant=quiet -k 3 --witness model.json -o planted.cnf",
       "gapwright gen random-ksat --variables 20 --clauses 85 --seed 1 --plant --blind --answers answer.json -o blind.cnf"}));
  random->callback([&context, options] { context.command = [&context, options] { return run_random_ksat(context, *options); }; });

  auto* formula = verb.add_subcommand("formula", "A formula of yours, transformed");
  const auto file = std::make_shared<FormulaFile>();
  formula->add_option("file", file->file, "DIMACS CNF file, - is standard input")->required();
  add_formula_options(*formula, file->formula, false);
  formula->footer(examples({"gapwright gen formula uf20-01.cnf -T shuffle -T flip --seed 3 -o hidden.cnf",
                            "gapwright gen formula uf20-01.cnf -T flip --map back.json",
                            "gapwright gen formula - -T shuffle --seed 0 < uf20-01.cnf"}));
  formula->callback([&context, file] { context.command = [&context, file] { return run_formula(context, *file); }; });
}

}  // namespace gapwright::cli
