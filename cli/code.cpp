// SPDX-License-Identifier: MIT
// `gapwright code`: parse, call, print. Everything else is in codes/.
#include <map>
#include <memory>
#include <stdexcept>

#include "cli/code_route.hpp"
#include "cli/commands.hpp"
#include "cli/paths.hpp"
#include "codes/code_text.hpp"
#include "codes/curve_check.hpp"
#include "codes/families.hpp"
#include "codes/systematic_encoder.hpp"
#include "reductions/protocol_choice.hpp"
#include "support/errors.hpp"
#include "support/fields_in_message.hpp"
#include "support/listed.hpp"

namespace gapwright::cli {

namespace {

struct CodeOptions {
  CurveRequest curve;
  std::int64_t degree = -1;
  std::string messages = "-";
};

/// "Reed-Solomon, Hermitian and Garcia-Stichtenoth"
std::string titles() {
  std::vector<std::string> all;
  for (const CodeFamily& family : code_families()) all.push_back(family.title);
  return listed(all, "and");
}

/// "field size (reed-solomon), or its square root (hermitian, tower)"
std::string q_text() {
  std::map<unsigned, std::string> what, who;
  for (const CodeFamily& family : code_families()) {
    what[family.field_degree] = what_q_is(family);
    who[family.field_degree] += (who[family.field_degree].empty() ? "" : ", ") + family.name;
  }
  std::string text;
  for (const auto& [degree, words] : what)
    text += (text.empty() ? words : ", or its " + words.substr(0, words.find(" of"))) + " (" + who[degree] + ")";
  return text;
}

/// FAMILY -q Q [--level M] [--length L] [--degree S]
void add_curve_options(CLI::App& command, CodeOptions& options, bool needs_degree) {
  command.add_option("family", options.curve.family, listed(code_family_names(), "or"))->required();
  command.add_option("-q", options.curve.parameters.q, q_text())->required();
  command.add_option("--level", options.curve.parameters.level, "level of the " + level_families() + " (default 1)");
  command.add_option(
      "--length", options.curve.parameters.length,
      "number of points (" + listed(code_family_names(&CodeFamily::chooses_points), "and") + "; default: the whole field)");
  CLI::Option* degree = command.add_option("--degree", options.degree, "largest pole order (degree of the polynomials)");
  if (needs_degree) degree->required();
}

std::size_t degree_of(const CodeOptions& options) {
  if (options.degree < 0)
    throw std::invalid_argument("degree " + std::to_string(options.degree) +
                                " is not possible: allowed are degrees from 0 to the length minus 1");
  return static_cast<std::size_t>(options.degree);
}

Progress watched(const Context& context, const std::string& what) { return watched_progress(run_control(context, what)); }

EvaluationCode build(const Context& context, const CodeOptions& options) {
  const std::uint64_t limit = context.limits.memory_bytes();
  const std::size_t degree = degree_of(options);
  return evaluation_code(curve_of(options.curve, watched(context, "functions"), limit), degree,
                         watched(context, "information set"), limit);
}

int show(const Context& context, const CodeOptions& options) {
  declare_paths(context, {}, {output_file(context)});
  const CodeSummary summary = summary_of(options.curve, degree_of(options));
  print(context, context.json ? summary_json(summary) : summary_text(summary));
  return kDone;
}

int matrix(const Context& context, const CodeOptions& options) {
  declare_paths(context, {}, {output_file(context)});
  const EvaluationCode built = build(context, options);
  const SymbolMatrix& points = built.curve->points();
  check_memory(context.limits, "the matrix, and as text",
               mpz_class(built.generator.symbols.size() * sizeof(Symbol)) + matrix_text_bytes(built.dimension(), built.length()) +
                   (context.json ? matrix_text_bytes(points.rows, points.columns) : 0));
  const Progress progress = watched(context, "text");
  print(context, context.json ? matrix_json(built, progress) : matrix_text(built.generator, progress));
  return kDone;
}

SymbolMatrix messages_of(const Context& context, const InputBytes& input, const EvaluationCode& code) {
  try {
    return parse_rows(input.text(), code.field(), code.dimension(), watched(context, "messages"));
  } catch (const std::invalid_argument& e) {
    throw BadInstance(input.name() + ": " + e.what());
  }
}

int encode(const Context& context, const CodeOptions& options) {
  declare_paths(context, {options.messages}, {output_file(context)});
  const InputBytes input = open_input(context, options.messages);
  const CurvePointer curve = curve_of(options.curve, watched(context, "functions"), context.limits.memory_bytes());
  require_encoder(*curve, degree_of(options), context.limits.memory_bytes());
  const EvaluationCode built =
      evaluation_code(curve, degree_of(options), watched(context, "information set"), context.limits.memory_bytes());
  const SystematicEncoder encoder(built, watched(context, "systematic form"));
  // symbols as text take two bytes at least, and as many as a vector that grows
  check_memory(context.limits, "the messages", mpz_class(input.text().size()) * 3);
  const SymbolMatrix messages = messages_of(context, input, built);
  const mpz_class words_bytes = mpz_class(messages.rows) * built.length() * sizeof(Symbol);
  check_memory(context.limits, "the messages and their words, as symbols and as text",
               mpz_class(input.text().size()) + messages.symbols.size() * sizeof(Symbol) + words_bytes +
                   matrix_text_bytes(messages.rows, built.length()));
  const SymbolMatrix words = encoder.encode(messages, watched(context, "words"));
  const Progress progress = watched(context, "text");
  print(context, context.json ? words_json(words, progress) : matrix_text(words, progress));
  return kDone;
}

int check(const Context& context, const CodeOptions& options) {
  declare_paths(context, {}, {output_file(context)});
  const CurvePointer curve = curve_of(options.curve, watched(context, "functions"), context.limits.memory_bytes());
  const std::size_t degree = options.degree < 0 ? degree_to_check(*curve) : degree_of(options);
  const CurveCheck result = check_curve(*curve, degree, 20000, watched(context, "closure"), context.limits.memory_bytes());
  print(context, context.json ? check_json(*curve, result) : check_text(*curve, result));
  return result.passed() ? kDone : kRefuted;
}

}  // namespace

void add_code(CLI::App& app, Context& context) {
  CLI::App* code = app.add_subcommand("code", titles() + " codes");
  code->require_subcommand(1);
  const auto options = std::make_shared<CodeOptions>();
  const std::string footer =
      examples({"gapwright code show hermitian -q 5 --degree 32", "gapwright code matrix tower -q 3 --level 3 --degree 22 --json",
                "gapwright code check tower -q 3 --level 4"});
  code->footer(footer);
  const auto add = [&](const std::string& name, const std::string& what, int (*run)(const Context&, const CodeOptions&)) {
    CLI::App* verb = code->add_subcommand(name, what);
    verb->footer(footer);
    verb->callback([&context, options, run] { context.command = [&context, options, run] { return run(context, *options); }; });
    return verb;
  };
  add("list", "the families", [](const Context& c, const CodeOptions&) {
    declare_paths(c, {}, {output_file(c)});
    print(c, c.json ? families_json(with_options) : families_text(with_options));
    return static_cast<int>(kDone);
  });
  add_curve_options(*add("show", "parameters of a code, before it is built", show), *options, true);
  add_curve_options(*add("matrix", "generator matrix: one row per function, by pole order", matrix), *options, true);
  CLI::App* encoder = add("encode", "systematic words of messages, one message per line", encode);
  add_curve_options(*encoder, *options, true);
  encoder->add_option("messages", options->messages, "file of messages, - for standard input");
  add_curve_options(*add("check", "the three checks: pole orders, rank, product closure", check), *options, false);
}

}  // namespace gapwright::cli
