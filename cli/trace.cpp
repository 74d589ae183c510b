// SPDX-License-Identifier: MIT
#include "explore/trace/trace.hpp"
#include "cli/code_route.hpp"
#include "cli/paths.hpp"
#include "cli/word_option.hpp"
#include "explore/trace/trace_text.hpp"

#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "support/errors.hpp"

namespace gapwright::cli {
namespace {

struct TraceOptions {
  std::string file;
  TraceFormat format = TraceFormat::text;
  TraceRequest request;  ///< order, seed, family and limits apart
  bool strict = false;
};

TraceRequest trace_request(const Context& context, const TraceOptions& options) {
  TraceRequest request = options.request;
  request.order = context.order;
  request.seed = context.seed;
  request.limits = context.limits;
  request.code.family = context.family;
  return request;
}

int run_trace(const Context& context, const TraceOptions& options) {
  if (context.json && options.format != TraceFormat::text)
    throw std::invalid_argument("--json and --format svg exclude each other");
  const TraceRequest request = trace_request(context, options);
  check_trace(request);
  declare_paths(context, {options.file}, {output_file(context)});
  const Cnf cnf = read_formula(context, open_input(context, options.file), options.strict);
  const Trace trace = trace_formula(cnf, request, run_control(context, "trace"));
  print(context, context.json ? trace_json(trace).dump(2) + "\n" : shown_trace(trace, options.format));
  return kDone;
}

}  // namespace

void add_trace(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "trace", "Follow one clause of a small formula down to an output row, as text or picture (up to 6 variables)");
  const auto options = std::make_shared<TraceOptions>();
  verb->add_option("formula", options->file, "DIMACS CNF file, - is standard input")->required();
  verb->add_option("--clause", options->request.clause, "the clause that is followed")
      ->check(whole_number())
      ->capture_default_str();
  add_word_option<TraceFormat>(*verb, "--format", options->format, listed(names<TraceFormat>(), "or"))
      ->default_str(std::string(word_of(options->format)));
  verb->add_option("--field", options->request.code.field_size, "field size Q of the code")->check(whole_number());
  verb->add_option("--blocks", options->request.code.blocks, "number of blocks T")->check(whole_number());
  verb->add_option("--block-length", options->request.code.block_length, "block length K")->check(whole_number());
  verb->add_option("--level", options->request.code.level, "level of the " + level_families())->check(whole_number());
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->footer(examples({"gapwright trace small.cnf", "gapwright trace small.cnf --clause 2 --format svg -o trace.svg",
                         "gapwright trace small.cnf -k 2 --route hermitian --json"}));
  verb->callback([&context, &app, options] {
    options->request.direct = !context.family && app.get_option("--route")->count() > 0;
    context.command = [&context, options] { return run_trace(context, *options); };
  });
}

}  // namespace gapwright::cli
