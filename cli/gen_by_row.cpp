// SPDX-License-Identifier: MIT
// gen for problems that the verb knows by their row alone: its generator's parameters become options.
#include <fmt/format.h>

#include "atlas/generated.hpp"
#include "cli/gen.hpp"
#include "cli/number_list.hpp"
#include "cli/paths.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct RowOptions {
  std::vector<std::string> values;  ///< as given, in the order of the generator's parameters
  std::string witness;
  bool expect = false;
  BlindOptions blind;
};

mpq_class value_of(const GeneratorParameter& parameter, const std::string& text) {
  if (parameter.kind == GeneratorParameter::Kind::flag) {
    if (!text.empty() && text != "true" && text != "false")
      throw std::invalid_argument(option_of(parameter) + "=" + text + ": it is there or not; leave out =" + text);
    return text == "true" ? 1 : 0;
  }
  if (parameter.kind == GeneratorParameter::Kind::fraction) return fraction(option_of(parameter), text);
  return mpq_class(mpz_class(text, 10));
}

int run_by_row(const Context& context, const Problem& problem, const RowOptions& options) {
  refuse_binary_on_terminal(context);
  declare_paths(context, {}, {{"--witness", options.witness}, {"--answers", options.blind.answers}, output_file(context)});
  const Generator& generator = *problem.generator;
  GeneratorValues values{{}, context.seed};
  for (std::size_t i = 0; i < generator.parameters.size(); ++i)
    values.values.push_back(value_of(generator.parameters[i], options.values[i]));
  const Generated made = generated(problem, values, options.expect, work_of(context));
  if (!options.witness.empty() && !made.planted) throw std::invalid_argument("--witness goes with --plant");
  Parts parts = problem.parts(made.instance);
  const KnownAnswer known{parts.expected,
                          made.planted     ? "planted"
                          : parts.expected ? "decided"
                                           : "",
                          made.planted, parts.made_by};
  parts.made_by = shown_provenance(options.blind, known.made_by, "gen " + problem.name);
  parts.expected = shown_answer(options.blind, known.expected);
  write_parts(context.output, problem.name, parts, run_control(context, "writing"));
  if (made.planted) write_witness(options.witness, *made.planted);
  write_answers(context, options.blind, known);
  say(context, fmt::format("wrote {}: an instance of {}", context.output, problem.name));
  return kDone;
}

void add_parameter(CLI::App& family, const GeneratorParameter& parameter, std::string& value) {
  value = parameter.standard;
  if (parameter.kind == GeneratorParameter::Kind::flag) {
    family.add_flag(option_of(parameter) + "{true}", value, parameter.help);
    return;
  }
  auto* option = family.add_option(option_of(parameter), value, parameter.help);
  if (parameter.kind == GeneratorParameter::Kind::count) option->check(whole_number());
  if (parameter.standard.empty())
    option->required();
  else
    option->capture_default_str();
}

std::string example_of(const Problem& problem, const std::string& end) {
  std::string text = "gapwright gen " + problem.name;
  for (const GeneratorParameter& parameter : problem.generator->parameters)
    if (parameter.standard.empty() && parameter.kind == GeneratorParameter::Kind::count)
      text += " " + option_of(parameter) + " 16";
  return text + end;
}

}  // namespace

void add_gen_by_row(CLI::App& verb, Context& context) {
  for (const Problem& problem : problems()) {
    if (!problem.generator) continue;
    auto* family = verb.add_subcommand(problem.name, problem.generator->help);
    const auto options = std::make_shared<RowOptions>();
    options->values.resize(problem.generator->parameters.size());
    for (std::size_t i = 0; i < options->values.size(); ++i)
      add_parameter(*family, problem.generator->parameters[i], options->values[i]);
    family->add_option("--witness", options->witness, "file for the planted witness");
    family->add_flag("--expect", options->expect, "find the answer and record it in the file");
    add_blind_options(*family, options->blind);
    family->footer(
        examples({example_of(problem, " -o instance.safetensors"), example_of(problem, " --expect -o known.safetensors"),
                  example_of(problem, " --seed 7 -o seven.safetensors")}));
    family->callback([&context, &problem, options] {
      context.command = [&context, &problem, options] { return run_by_row(context, problem, *options); };
    });
  }
}

}  // namespace gapwright::cli
