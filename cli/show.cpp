// SPDX-License-Identifier: MIT
// show: what the atlas knows about one problem, rule, code or instance family.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/atlas_names.hpp"
#include "cli/commands.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "support/did_you_mean.hpp"

namespace gapwright::cli {
namespace {

using Json = nlohmann::ordered_json;

Json problem_json(const Problem& p) {
  Json json{{"problem", p.name},
            {"meaning", p.meaning},
            {"witness", p.witness},
            {"hypothesis", p.hypothesis},
            {"brute_force", p.brute_force}};
  return json;
}

std::string problem_text(const Problem& p) {
  std::string text = line("problem", p.name) + line("meaning", p.meaning) + line("witness", p.witness) +
                     line("hypothesis", p.hypothesis) + line("brute force", p.brute_force);
  for (const Rule& rule : rules())
    if (rule.source == p.name || rule.target == p.name)
      text += line(rule.source == p.name ? "leads to" : "comes from",
                   fmt::format("{}: {}{}", rule.source == p.name ? rule.target : rule.source, rule.name,
                               rule.variant.empty() ? "" : " (" + rule.variant + ")"));
  return text;
}

Json rule_json(const Rule& r) {
  return {{"rule", r.name},           {"variant", r.variant}, {"from", r.source},       {"to", r.target},
          {"kind", word_of(r.kind)},  {"theorem", r.theorem}, {"size_law", r.size_law}, {"gap", r.gap},
          {"preserves", r.preserves}, {"proof", r.proof}};
}

std::string rule_text(const Rule& r) {
  return line("rule", r.name + (r.variant.empty() ? "" : " (" + r.variant + ")")) + line("from, to", arrow(r)) +
         line("kind", std::string(word_of(r.kind))) + line("theorem", r.theorem) + line("size", r.size_law) + line("gap", r.gap) +
         line("preserves", r.preserves) + line("proof", r.proof);
}

bool matches(const Rule& rule, const std::string& word) {
  if (word.empty()) return false;
  std::string compact = arrow(rule), given = word;
  std::erase(compact, ' ');
  std::erase(given, ' ');
  if (rule.name == word || rule.variant == word || compact == given) return true;
  for (std::size_t at = 0; at < rule.variant.size();) {  // a part of "pruned boxes, sharp"
    const std::size_t comma = std::min(rule.variant.find(", ", at), rule.variant.size());
    if (rule.variant.substr(at, comma - at) == word) return true;
    at = comma + 2;
  }
  return false;
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const Problem& p : problems()) names.push_back(p.name);
  for (const Rule& r : rules()) {
    names.push_back(r.name);
    names.push_back(short_name(r));
  }
  for (const auto& [name, meaning] : code_table()) names.push_back(name);
  for (const auto& [name, meaning] : family_table()) names.push_back(name);
  return names;
}

int run_show(const Context& context, const std::string& word) {
  declare_paths(context, {}, {output_file(context)});
  Json json = Json::array();
  std::string text;
  const auto add = [&](const Json& entry, const std::string& lines) {
    json.push_back(entry);
    text += (text.empty() ? "" : "\n") + lines;
  };
  for (const Problem& p : problems())
    if (p.name == word) add(problem_json(p), problem_text(p));
  for (const Rule& r : rules())
    if (matches(r, word)) add(rule_json(r), rule_text(r));
  for (const auto& [name, meaning] : code_table())
    if (name == word)
      add({{"code", name}, {"meaning", meaning}},
          line("code", name) + line("meaning", meaning) + line("more", "gapwright code show " + name + " --help"));
  for (const auto& [name, meaning] : family_table())
    if (name == word)
      add({{"family", name}, {"meaning", meaning}},
          line("family", name) + line("meaning", meaning) + line("more", "gapwright gen " + name + " --help"));
  if (text.empty()) {
    const std::string hint = did_you_mean(word, all_names());
    throw std::invalid_argument("nothing is called '" + word + "'" + (hint.empty() ? "; see gapwright list" : hint));
  }
  print(context, context.json ? json.dump(2) + "\n" : text);
  return kDone;
}

}  // namespace

void add_show(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("show", "What is known about a problem, a rule, a code or an instance family");
  const auto word = std::make_shared<std::string>();
  verb->add_option("name", *word, "a name from gapwright list, or 'cnf -> orthogonal-vectors'")->required();
  verb->footer(examples({"gapwright show attention", "gapwright show orthogonal_vectors_to_gap_max_ip --json",
                         "gapwright show 'gap-max-ip -> attention'"}));
  verb->callback([&context, word] { context.command = [&context, word] { return run_show(context, *word); }; });
}

}  // namespace gapwright::cli
