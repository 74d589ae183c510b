// SPDX-License-Identifier: MIT
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/gen.hpp"
#include "cli/new_files.hpp"
#include "cli/paths.hpp"
#include "explore/challenge/suite.hpp"
#include "support/write_file.hpp"

namespace gapwright::cli {
namespace {

std::string table_text() {
  std::string text =
      fmt::format("{:<36}{:<20}{:<4}{:<8}{:<10}{}\n", "file", "problem", "k", "answer", "known", "SHA-256 of the content");
  for (const SuiteInstance& s : suite_2026())
    text += fmt::format("{:<36}{:<20}{:<4}{:<8}{:<10}{}\n", s.file, s.problem, s.order ? std::to_string(s.order) : "",
                        s.expected ? "yes" : "no", s.reason, s.content);
  return text;
}

std::string table_json() {
  auto instances = nlohmann::ordered_json::array();
  for (const SuiteInstance& s : suite_2026())
    instances.push_back({{"file", s.file},
                         {"problem", s.problem},
                         {"order", s.order ? nlohmann::ordered_json(s.order) : nlohmann::ordered_json()},
                         {"expected", s.expected ? "yes" : "no"},
                         {"known", s.reason},
                         {"content_sha256", s.content}});
  return nlohmann::ordered_json{{"suite", "suite-2026"}, {"instances", instances}}.dump(2) + "\n";
}

int run_suite(const Context& context) {
  if (context.output == "-") {
    declare_paths(context, {}, {output_file(context)});
    print(context, context.json ? table_json() : table_text());
    return kDone;
  }
  declare_paths(context, {}, {{"-o", context.output, WrittenPath::folder, {".safetensors", ".cnf", "suite.json"}}});
  NewFiles folder(context.output);
  if (!folder.folder_is_empty())
    throw std::invalid_argument(context.output + " holds other files; name a new or an empty folder");
  const RunControl control = run_control(context, "suite-2026");
  for (const SuiteInstance& s : suite_2026()) {
    control.check();
    const std::string path = folder.add(s.file);
    s.write(path);
    if (const std::string content = content_sha256(path); content != s.content)
      throw std::logic_error(s.file + " has content " + content + ", the suite says " + s.content +
                             "; the generators have changed, please report this");
  }
  write_file(folder.add("suite.json"), table_json());
  folder.finish();
  say(context,
      fmt::format("wrote {}: {} instances of suite-2026, every content as published", context.output, suite_2026().size()));
  return kDone;
}

}  // namespace

void add_gen_suite(CLI::App& verb, Context& context) {
  auto* suite = verb.add_subcommand("suite-2026",
                                    "The fixed suite for papers: instances with known answers and hashes; without -o, its table");
  suite->footer(
      examples({"gapwright gen suite-2026", "gapwright gen suite-2026 -o suite-2026/", "gapwright gen suite-2026 --json"}));
  const CLI::App* root = verb.get_parent();
  suite->callback([&context, root] {
    const bool given = root->get_option("--seed")->count() + root->get_option("--order")->count() != 0;
    context.command = [&context, given] {
      if (given) throw std::invalid_argument("suite-2026 is fixed: it takes neither --seed nor -k");
      return run_suite(context);
    };
  });
}

}  // namespace gapwright::cli
