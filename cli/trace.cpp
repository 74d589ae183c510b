// SPDX-License-Identifier: MIT
#include "explore/trace/trace.hpp"
#include "cli/code_route.hpp"
#include "cli/paths.hpp"
#include "explore/trace/trace_svg.hpp"
#include "explore/trace/trace_text.hpp"

#include "cli/commands.hpp"
#include "cli/formula.hpp"
#include "support/errors.hpp"

namespace gapwright::cli {
namespace {

struct TraceOptions {
  std::string file;
  std::string format = "text";
  TraceRequest request;  ///< order, seed, family and limits apart
  std::size_t field_size = 0, blocks = 0, block_length = 0, level = 0;
  bool strict = false;
};

TraceRequest trace_request(const Context& context, const TraceOptions& options) {
  const auto given = [](std::size_t value) { return value == 0 ? std::nullopt : std::optional(value); };
  TraceRequest request = options.request;
  request.order = context.order;
  request.seed = context.seed;
  request.limits = context.limits;
  request.code.family = context.family;
  request.code.field_size = given(options.field_size);
  request.code.blocks = given(options.blocks);
  request.code.block_length = given(options.block_length);
  request.code.level = given(options.level);
  return request;
}

int run_trace(const Context& context, const TraceOptions& options) {
  if (context.json && options.format != "text") throw std::invalid_argument("--json and --format svg exclude each other");
  const TraceRequest request = trace_request(context, options);
  check_trace(request);
  declare_paths(context, {options.file}, {output_file(context)});
  const Cnf cnf = read_formula(context, open_input(context, options.file), options.strict);
  const Trace trace = trace_formula(cnf, request, run_control(context, "trace"));
  print(context, context.json              ? trace_json(trace).dump(2) + "\n"
                 : options.format == "svg" ? trace_svg(trace)
                                           : trace_text(trace));
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
  verb->add_option("--format", options->format, "text or svg")->check(CLI::IsMember({"text", "svg"}))->capture_default_str();
  verb->add_option("--field", options->field_size, "field size Q of the code")->check(whole_number());
  verb->add_option("--blocks", options->blocks, "number of blocks T")->check(whole_number());
  verb->add_option("--block-length", options->block_length, "block length K")->check(whole_number());
  verb->add_option("--level", options->level, "level of the " + level_families())->check(whole_number());
  verb->add_flag("--strict", options->strict, "a wrong clause count in the header is an error");
  verb->footer(examples({"gapwright trace small.cnf", "gapwright trace small.cnf --clause 2 --format svg -o trace.svg",
                         "gapwright trace small.cnf -k 2 --route hermitian --json"}));
  verb->callback([&context, &app, options] {
    options->request.direct = !context.family && app.get_option("--route")->count() > 0;
    context.command = [&context, options] { return run_trace(context, *options); };
  });
}

}  // namespace gapwright::cli
