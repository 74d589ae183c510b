// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "cli/atlas_names.hpp"
#include "cli/commands.hpp"
#include "cli/paths.hpp"
#include "support/version.hpp"
#include "verify/scoring_kernels.hpp"

namespace gapwright::cli {
namespace {

/// Rules of one name, with their variants.
Table rule_table() {
  Table table;
  for (const Rule& rule : rules()) {
    const std::string arrow = rule.source + " -> " + rule.target;
    if (table.empty() || table.back().first != arrow || rule.variant.empty() || table.back().second.find(rule.name) != 0)
      table.emplace_back(arrow, rule.name + (rule.variant.empty() ? "" : ": " + rule.variant));
    else
      table.back().second += " | " + rule.variant;
  }
  return table;
}

Table problem_table() {
  Table table;
  for (const Problem& problem : problems()) table.emplace_back(problem.name, problem.meaning);
  return table;
}

int run_list(const Context& context, const std::string& which) {
  declare_paths(context, {}, {output_file(context)});
  const std::map<std::string, Table> tables{
      {"problems", problem_table()}, {"rules", rule_table()}, {"codes", code_table()}, {"families", family_table()}};
  nlohmann::ordered_json json;
  std::string text;
  for (const auto& name : {"problems", "rules", "codes", "families"}) {
    if (!which.empty() && which != name) continue;
    text += std::string(text.empty() ? "" : "\n") + name + "\n";
    for (const auto& [entry, meaning] : tables.at(name)) {
      text += fmt::format("  {:<38}{}\n", entry, meaning);
      json[name].push_back({{"name", entry}, {"meaning", meaning}});
    }
  }
  print(context, context.json ? json.dump(2) + "\n" : text);
  return kDone;
}

}  // namespace

void add_list(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("list", "List problems, rules, codes and instance families");
  const auto which = std::make_shared<std::string>();
  verb->add_option("what", *which, "problems, rules, codes or families")
      ->check(CLI::IsMember({"problems", "rules", "codes", "families"}));
  verb->footer(examples({"gapwright list", "gapwright list rules", "gapwright list families --json"}));
  verb->callback([&context, which] { context.command = [&context, which] { return run_list(context, *which); }; });
}

namespace {

std::string version_as_json() {
  const nlohmann::ordered_json answer = {
      {"version", version()}, {"commit", commit()}, {"instruction_set", kernels::target_name()}};
  return answer.dump() + "\n";
}

std::string version_as_text() {
  return fmt::format("gapwright {} ({})\ncommit {}\n", version(), kernels::target_name(), commit());
}

}  // namespace

void add_version(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("version", "Version, commit, and the instruction set in use");
  verb->footer(examples({"gapwright version", "gapwright version --json", "gapwright version --quiet"}));
  verb->callback([&context] {
    context.command = [&context] {
      declare_paths(context, {}, {output_file(context)});
      print(context, context.json ? version_as_json() : version_as_text());
      return static_cast<int>(kDone);
    };
  });
}

}  // namespace gapwright::cli
