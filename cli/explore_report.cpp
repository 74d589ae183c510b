// SPDX-License-Identifier: MIT
// explore plot, explore report: what a results file shows.
#include <fmt/format.h>

#include "cli/explore.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "explore/regime/shown_results.hpp"

namespace gapwright::cli {
namespace {

ShownResults shown_input(const Context& context, const std::string& path) {
  return shown_results(open_input(context, path), warn);
}

int run_plot(const Context& context, const std::string& path) {
  if (context.output == "-") throw std::invalid_argument("explore plot writes several files; name a folder with -o");
  declare_paths(context, {path}, {{"-o", context.output, WrittenPath::folder, {".dat", ".gp", ".svg"}}});
  const std::vector<Picture> pictures = result_pictures(shown_input(context, path));
  for (const Picture& p : pictures) {
    write_picture(p, context.output);
    say(context, fmt::format("wrote {0}/{1}.svg, {1}.gp, {1}.dat", context.output, p.name));
  }
  return kDone;
}

int run_report(const Context& context, const std::string& path) {
  declare_paths(context, {path}, {output_file(context)});
  print(context, result_page(shown_input(context, path), run_control(context, "report")));
  return kDone;
}

}  // namespace

void add_explore_report(CLI::App& verb, Context& context) {
  const auto path = std::make_shared<std::string>();
  auto* plot = verb.add_subcommand("plot", "Pictures of a results file: data, gnuplot script and SVG, into the folder -o");
  plot->add_option("results", *path, "results file (JSON lines)")->required();
  plot->footer(
      examples({"gapwright explore plot results.jsonl -o pictures", "gapwright explore plot results.jsonl -o pictures --quiet",
                "gapwright explore regime -k 2 --rows 16,32 | gapwright explore plot - -o pictures"}));
  plot->callback([&context, path] { context.command = [&context, path] { return run_plot(context, *path); }; });
  auto* report = verb.add_subcommand("report", "One self-contained HTML page of a results file");
  report->add_option("results", *path, "results file (JSON lines)")->required();
  report->footer(
      examples({"gapwright explore report results.jsonl -o report.html", "gapwright explore report results.jsonl > report.html",
                "gapwright explore regime -k 2 --rows 16,32 | gapwright explore report - -o report.html"}));
  report->callback([&context, path] { context.command = [&context, path] { return run_report(context, *path); }; });
}

}  // namespace gapwright::cli
