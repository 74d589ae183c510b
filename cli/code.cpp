// `gapwright code`: parse, call, print. Everything else is in codes/.
#include "cli/code.hpp"

#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>

#include "codes/code_text.hpp"
#include "codes/curve_check.hpp"
#include "codes/families.hpp"
#include "codes/systematic_encoder.hpp"

namespace gapwright {

namespace {

struct CodeOptions {
  CurveRequest curve;
  std::int64_t degree = -1;
  std::string messages = "-";
};

/// FAMILY -q Q [--level M] [--length L] [--degree S]
void add_curve_options(CLI::App& command, CodeOptions& options, bool needs_degree) {
  command.add_option("family", options.curve.family, "reed-solomon, hermitian or tower")->required();
  command.add_option("-q", options.curve.q, "field size (reed-solomon), or its square root (hermitian, tower)")
      ->required();
  command.add_option("--level", options.curve.level, "level of the tower (default 1)");
  command.add_option("--length", options.curve.length, "number of points (reed-solomon; default: the whole field)");
  CLI::Option* degree =
      command.add_option("--degree", options.degree, "largest pole order (degree of the polynomials)");
  if (needs_degree) degree->required();
}

std::size_t degree_of(const CodeOptions& options) {
  if (options.degree < 0) {
    throw std::invalid_argument("degree " + std::to_string(options.degree) +
                                " is not possible: allowed are degrees from 0 to the length minus 1");
  }
  return static_cast<std::size_t>(options.degree);
}

std::string read_all(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::invalid_argument("cannot read the messages from " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void add_code_command(CLI::App& app, Context& context) {
  CLI::App* code = app.add_subcommand("code", "Reed-Solomon, Hermitian and Garcia-Stichtenoth codes");
  code->require_subcommand(1);
  const auto options = std::make_shared<CodeOptions>();
  code->footer(
      "Examples:\n  gapwright code show hermitian -q 5 --degree 32\n"
      "  gapwright code matrix tower -q 3 --level 3 --degree 22 --json\n  gapwright code check tower -q 3 --level 4");

  CLI::App* list = code->add_subcommand("list", "the families");
  list->callback([&context] { context.out(context.json ? families_json() : families_text()); });

  CLI::App* show = code->add_subcommand("show", "parameters of a code, before it is built");
  add_curve_options(*show, *options, true);
  show->callback([&context, options] {
    const CodeSummary summary = summary_of(options->curve, degree_of(*options));
    context.out(context.json ? summary_json(summary) : summary_text(summary));
  });

  CLI::App* matrix = code->add_subcommand("matrix", "generator matrix: one row per function, by pole order");
  add_curve_options(*matrix, *options, true);
  matrix->callback([&context, options] {
    const EvaluationCode built = evaluation_code(curve_of(options->curve), degree_of(*options));
    context.out(context.json ? matrix_json(built) : matrix_text(built.generator));
  });

  CLI::App* encode = code->add_subcommand("encode", "systematic words of messages, one message per line");
  add_curve_options(*encode, *options, true);
  encode->add_option("messages", options->messages, "file of messages, - for stdin");
  encode->callback([&context, options] {
    const EvaluationCode built = evaluation_code(curve_of(options->curve), degree_of(*options));
    const SymbolMatrix messages = parse_rows(read_all(options->messages), built.field(), built.dimension());
    context.out(matrix_text(SystematicEncoder(built).encode(messages)));
  });

  CLI::App* check = code->add_subcommand("check", "the three checks: pole orders, rank, product closure");
  add_curve_options(*check, *options, false);
  check->callback([&context, options] {
    const CurvePointer curve = curve_of(options->curve);
    const std::size_t degree = options->degree < 0 ? degree_to_check(*curve) : degree_of(*options);
    const CurveCheck result = check_curve(*curve, degree);
    context.out(context.json ? check_json(*curve, result) : check_text(*curve, result));
  });
}

}  // namespace gapwright
