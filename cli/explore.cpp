// SPDX-License-Identifier: MIT
// explore: the hardness regime as an experiment.
#include "cli/explore.hpp"

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/paths.hpp"
#include "instances/provenance.hpp"
#include "support/version.hpp"

namespace gapwright::cli {

std::unique_ptr<ResultsLog> open_results(const Context& context) {
  declare_paths(context, {}, {{"-o", context.output, WrittenPath::appended, {".cut"}}});
  auto log = std::make_unique<ResultsLog>(context.output);
  if (log->was_cut())
    warn(context.output + ": the last line was cut off; it is moved to " + context.output + ".cut and computed again");
  return log;
}

void write_header(ResultsLog& log, const std::string& command) {
  const std::string key = "sweep " + command;
  if (!log.has(key))
    log.append({{"record", "sweep"}, {"key", key}, {"tool", "gapwright"}, {"version", version()}, {"command", command}});
}

void add_explore(CLI::App& app, Context& context) {
  auto* verb =
      app.add_subcommand("explore", "The hardness regime as an experiment: how large entries must be before attention is hard");
  verb->require_subcommand(1);
  verb->footer(
      examples({"gapwright explore regime --orders 2 --rows 16..256 -o results.jsonl",
                "gapwright explore plot results.jsonl -o pictures", "gapwright explore report results.jsonl -o report.html"}));
  add_explore_regime(*verb, context);
  add_explore_report(*verb, context);
  add_explore_routes(*verb, context);
}

}  // namespace gapwright::cli
