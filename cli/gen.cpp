// SPDX-License-Identifier: MIT
#include "cli/gen.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/paths.hpp"
#include "instances/answer_note.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/lift_file.hpp"
#include "instances/generators/cnf_transform.hpp"
#include "instances/lift.hpp"
#include "support/write_file.hpp"

namespace gapwright::cli {

void add_formula_options(CLI::App& family, FormulaOptions& options, bool planted) {
  family
      .add_option("-T,--transform", options.transforms,
                  "shuffle (variables, clauses, literals) or flip (signs of variables), at random; may be repeated")
      ->check(CLI::IsMember({"shuffle", "flip"}))
      ->expected(1)
      ->take_all();
  family.add_option("--map", options.map, "with -T: file for the table that maps models back [OUTPUT.lift.json]");
  if (planted) family.add_option("--witness", options.witness, "file for the planted model");
  add_blind_options(family, options.blind);
}

void declare_formula_paths(const Context& context, const FormulaOptions& options, const std::string& input) {
  const bool table_beside = !options.transforms.empty() && options.map.empty();
  declare_paths(context, input.empty() ? std::vector<std::string>{} : std::vector{input},
                {{"--map", options.map},
                 {"--witness", options.witness},
                 {"--answers", options.blind.answers},
                 output_file(context, table_beside ? std::vector<std::string>{".lift.json"} : std::vector<std::string>{})});
}

int write_formula(const Context& context, const FormulaOptions& options, GeneratedFormula made) {
  if (!options.map.empty() && options.transforms.empty()) throw std::invalid_argument("--map goes with -T shuffle or -T flip");
  if (context.seed_given && !made.seeded && options.transforms.empty())
    throw std::invalid_argument("--seed: nothing is drawn at random here; leave it out, or add -T shuffle or -T flip");
  if (!options.witness.empty() && !made.planted) throw std::invalid_argument("--witness goes with --plant");
  TransformedCnf result;
  if (options.transforms.empty()) {
    result.cnf = std::move(made.cnf);
  } else {
    check_memory(context.limits, "the formula and the table that maps models back", transform_bytes(made.cnf));
    result = transform(made.cnf, options.transforms, context.seed, run_control(context, ""));
  }
  Provenance& made_by = result.cnf.made_by;
  for (const std::string& name : options.transforms) made_by.command += " -T " + name;
  if (made.seeded || !options.transforms.empty()) note_seed(made_by, context.seed);
  KnownAnswer known{made.satisfiable, made.reason, {}, made_by};
  made_by = shown_provenance(options.blind, known.made_by, made.blind_command);
  const bool told = shown_answer(options.blind, made.satisfiable).has_value();
  print(context,
        dimacs_text(result.cnf, told ? std::vector{answer_note(*made.satisfiable, made.reason)} : std::vector<std::string>{}));
  if (!options.transforms.empty()) {
    if (options.map.empty() && context.output == "-") {
      say(context, "no table that maps models back is written beside standard output; name one with --map");
    } else {
      const LiftStep step{"gen -T", LiftStep::Kind::literals, {}, {}, {}, result.literals};
      const std::string path = options.map.empty() ? context.output + ".lift.json" : options.map;
      write_file(path, lift_json({"cnf", "cnf", {step}}));
      say(context, "wrote " + path + ": maps models back (gapwright extract)");
    }
  }
  if (made.planted)
    known.witness = literals_of(options.transforms.empty() ? *made.planted : push(result.literals, *made.planted));
  if (known.witness) write_witness(options.witness, *known.witness);
  write_answers(context, options.blind, known);
  return kDone;
}

void write_witness(const std::string& path, const std::vector<std::int64_t>& numbers) {
  if (!path.empty()) write_file(path, nlohmann::ordered_json{{"witness", numbers}}.dump() + "\n");
}

void add_gen(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("gen", "Generate instances");
  verb->require_subcommand(1);
  verb->footer(examples({"gapwright gen random-ksat --variables 30 --clauses 128 --seed 7 -o r30.cnf",
                         "gapwright gen pigeonhole 4 3 -T shuffle -o php.cnf",
                         "gapwright gen orthogonal-vectors --vectors 256 --dimension 64 --plant -o ov.safetensors"}));
  add_gen_ksat(*verb, context);
  add_gen_structured(*verb, context);
  add_gen_vectors(*verb, context);
  add_gen_attention(*verb, context);
  add_gen_by_row(*verb, context);
  add_gen_suite(*verb, context);
}

}  // namespace gapwright::cli
