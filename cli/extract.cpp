// SPDX-License-Identifier: MIT
// extract: a bundle, or a lift table, and a witness of its target in; a witness of its source out (atlas/extract).
#include "atlas/extract.hpp"

#include "cli/commands.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"

namespace gapwright::cli {
namespace {

struct ExtractOptions {
  ExtractRequest request;
  std::string result;
};

/// What was looked at, and what was not.
std::string checked_text(bool source, bool target) {
  if (source && target) return "both against their instances";
  if (source) return "the source's alone: that it is a witness of the target is not checked; give --target";
  if (target) return "the target's alone: that it is a witness of the source is not checked; give --source";
  return "nothing: neither instance was given; give --source and --target";
}

std::string extract_text(const Extracted& e) {
  const Problem* row = find_problem(e.problem);
  return line("target", e.target_problem + ", witness " + shown_witness(e.target_problem, e.target_witness)) +
         line(row && row->literals ? "assignment" : "witness", shown_witness(e.problem, e.witness)) +
         line("checked", checked_text(e.source_checked, e.target_checked));
}

int run_extract(const Context& context, const ExtractOptions& options) {
  const ExtractRequest& request = options.request;
  std::vector<std::string> reads{request.bundle, options.result};
  for (const std::string& end : {request.source, request.target})
    if (!end.empty()) reads.push_back(end);
  declare_paths(context, reads, {output_file(context)});
  const LiftEnds ends = open_ends(request, [&](const std::string& path) { return open_input(context, path); });
  const ResultNumbers result = read_result(open_input(context, options.result));
  const Extracted extracted = extract(ends, result, run_control(context, "the row's keys"));
  if (!extracted.refused.empty()) {
    report_error(extracted.refused);
    return kRefuted;
  }
  print(context, context.json ? extract_json(extracted).dump(2) + "\n" : extract_text(extracted));
  return kDone;
}

}  // namespace

void add_extract(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("extract", "Lead a witness of a bundle's target back to its source");
  const auto options = std::make_shared<ExtractOptions>();
  verb->add_option("bundle", options->request.bundle, "folder written by reduce -o FOLDER/, or a lift table (gen -T)")
      ->required();
  verb->add_option("--result", options->result,
                   "JSON array of integers, or an object with one under \"witness\" (decide --json); - is standard input")
      ->required();
  verb->add_option("--source", options->request.source, "with a lift table: the original, to check against");
  verb->add_option("--target", options->request.target, "with a lift table: the result, to check against");
  verb->footer(examples({"gapwright extract bundle/ --result answer.json",
                         "gapwright decide bundle/target.safetensors --json | gapwright extract bundle/ --result - --json",
                         "gapwright extract hidden.cnf.lift.json --result model.json --source plain.cnf --target hidden.cnf"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_extract(context, *options); }; });
}

}  // namespace gapwright::cli
