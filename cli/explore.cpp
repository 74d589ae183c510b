// SPDX-License-Identifier: MIT
// explore: the hardness regime as an experiment.
#include "cli/explore.hpp"

#include "cli/commands.hpp"
#include "cli/paths.hpp"

namespace gapwright::cli {

SweepOutput declared_results(const Context& context, bool force) {
  declare_paths(context, {}, {{"-o", context.output, WrittenPath::appended, {".cut"}}});
  return {context.output, force, warn};
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
