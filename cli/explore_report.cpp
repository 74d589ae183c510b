// SPDX-License-Identifier: MIT
// explore plot, explore report: what a results file shows.
#include <fmt/format.h>

#include "cli/explore.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "explore/regime/regime_pictures.hpp"
#include "explore/regime/report_page.hpp"
#include "explore/regime/route_pictures.hpp"
#include "support/errors.hpp"
#include "support/sha256.hpp"

namespace gapwright::cli {
namespace {

struct Read {
  Results results;
  std::string name, sha256;
};

Read read(const Context& context, const std::string& path) {
  const InputBytes input = open_input(context, path);
  Read r{parse_results(input.text(), path), input.base_name(), sha256_hex(input.text())};
  if (!r.results.cut.empty()) warn(path + ": the last line is cut off and is left out");
  if (r.results.records.empty())
    throw BadInstance(path + ": there are no results in it; explore regime -o " + path + " writes some");
  return r;
}

/// What `draw` makes of the records; where a field is missing or of another type, BadInstance with the line: the last of the
/// fewest first records that fail.
template <class Draw>
auto drawn_from(const Results& results, const std::string& path, const Draw& draw) {
  try {
    return draw(results);
  } catch (const nlohmann::json::exception&) {
    std::string reason;
    std::size_t fine = 0, fails = results.records.size();
    const auto check = [&](std::size_t count) {
      Results first;
      first.records.assign(results.records.begin(), results.records.begin() + static_cast<std::ptrdiff_t>(count));
      try {
        draw(first);
        return true;
      } catch (const nlohmann::json::exception& e) {
        reason = e.what();
        return false;
      }
    };
    while (fails - fine > 1) {
      const std::size_t middle = (fine + fails) / 2;
      (check(middle) ? fine : fails) = middle;
    }
    check(fails);
    const std::size_t text = reason.find("] ");  // after "[json.exception.type_error.302"
    throw BadInstance(fmt::format("{}:{}: a \"{}\" record with a field missing or of another type ({}); remove the line", path,
                                  results.lines.at(fails - 1), results.records[fails - 1]["record"].get<std::string>(),
                                  text == std::string::npos ? reason : reason.substr(text + 2)));
  }
}

int run_plot(const Context& context, const std::string& path) {
  if (context.output == "-") throw std::invalid_argument("explore plot writes several files; name a folder with -o");
  declare_paths(context, {path}, {{"-o", context.output, WrittenPath::folder, {".dat", ".gp", ".svg"}}});
  const Read r = read(context, path);
  const std::vector<Picture> pictures = drawn_from(r.results, path, [](const Results& results) {
    std::vector<Picture> all = regime_pictures(results);
    for (Picture& p : route_pictures(results)) all.push_back(std::move(p));
    return all;
  });
  if (pictures.empty()) throw BadInstance(path + ": there is nothing in it to draw");
  for (const Picture& p : pictures) {
    write_picture(p, context.output);
    say(context, fmt::format("wrote {0}/{1}.svg, {1}.gp, {1}.dat", context.output, p.name));
  }
  return kDone;
}

int run_report(const Context& context, const std::string& path) {
  declare_paths(context, {path}, {output_file(context)});
  const Read r = read(context, path);
  print(context, drawn_from(r.results, path, [&](const Results& results) { return report_page(results, r.name, r.sha256); }));
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
