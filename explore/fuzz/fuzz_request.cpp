// SPDX-License-Identifier: MIT
// In: which rules, how many cases, mutants or not. Out: what broke, as structs and as JSON. Both faces call it.
#include "explore/fuzz/fuzz_request.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "support/write_file.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;

std::vector<const FuzzedRule*> chosen_rules(const std::string& name) {
  if (name != "all") return {&fuzzed_rule(name)};
  std::vector<const FuzzedRule*> rules;
  for (const FuzzedRule& rule : fuzzed_rules()) rules.push_back(&rule);
  return rules;
}

void write_regression(const std::string& folder, const Regression& regression) {
  if (!folder.empty()) write_file(regression_path(folder, regression), regression_text(regression));
}

Json rule_json(const RuleReport& r) {
  Json broken = Json::object(), failures = Json::array();
  for (const auto& [oracle, count] : r.broken) broken[oracle] = count;
  for (const Regression& failure : r.failures) failures.push_back(Json::parse(regression_text(failure)));
  return {{"rule", r.rule},   {"cases", r.cases},     {"yes", r.yes},
          {"no", r.no},       {"skipped", r.skipped}, {"broken_cases", r.broken_cases},
          {"broken", broken}, {"failures", failures}};
}

Json mutant_json(const MutantReport& m) {
  Json kills = Json::object();
  for (const std::string& oracle : fuzzed_rule(m.rule).oracles)
    if (const auto found = m.kills.find(oracle); found != m.kills.end()) kills[oracle] = found->second;
  return {{"rule", m.rule},       {"mutant", m.mutant}, {"corrupts", m.corrupts}, {"cases", m.cases},
          {"changed", m.changed}, {"kills", kills},     {"killed", m.killed()}};
}

}  // namespace

std::size_t FuzzResult::failures() const {
  std::size_t all = 0;
  for (const RuleReport& rule : rules) all += rule.failures.size();
  return all;
}

std::size_t FuzzResult::survivors() const {
  return static_cast<std::size_t>(std::ranges::count_if(mutants, [](const MutantReport& m) { return !m.killed(); }));
}

std::string regression_path(const std::string& folder, const Regression& regression) {
  if (folder.empty()) return "";
  const std::string what = regression.mutant.empty() ? regression.oracle : "mutant-" + regression.mutant;
  return (std::filesystem::path(folder) / (regression.fuzz_case.rule + "-" + what + ".json")).string();
}

void make_failures_folder(const std::string& folder, const std::string& failed) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!std::filesystem::is_directory(folder, error))
    throw std::invalid_argument("`output` " + folder + ": fuzz writes a folder of " + failed + " there, and it is no folder");
}

FuzzResult fuzz_rules(const FuzzRequest& request, const StageControl& control) {
  if (!request.folder.empty()) make_failures_folder(request.folder, "regression files");
  Campaign campaign{request.seed, request.cases, {}, {}, request.limits};
  if (request.exhaustive) campaign.formulas = every_formula(*request.exhaustive);
  FuzzResult result{request, {}, {}};
  const auto rules = chosen_rules(request.rule);
  for (const FuzzedRule* rule : rules) {
    campaign.control = control("fuzz " + rule->name);
    result.rules.push_back(run_campaign(*rule, campaign));
    for (const Regression& failure : result.rules.back().failures) write_regression(request.folder, failure);
  }
  if (!request.mutants) return result;
  for (const FuzzedRule* rule : rules)
    for (const FuzzedRule::Mutant& mutant : rule->mutants) {
      campaign.control = control("mutant " + rule->name + " " + mutant.name);
      result.mutants.push_back(run_mutant(*rule, mutant, campaign, !request.folder.empty()));
      if (const auto& example = result.mutants.back().example) write_regression(request.folder, *example);
    }
  return result;
}

Json fuzz_json(const FuzzResult& result) {
  Json rules = Json::array(), mutants = Json::array();
  for (const RuleReport& r : result.rules) rules.push_back(rule_json(r));
  for (const MutantReport& m : result.mutants) mutants.push_back(mutant_json(m));
  Json json{{"clean", result.clean()}, {"seed", result.request.seed}, {"rules", rules}};
  if (result.request.mutants) json["mutants"] = mutants;
  return json;
}

Replayed replay_file(const InputBytes& input) {
  const Regression regression = read_regression(std::string(input.text()), input.name());
  return {input.name(), regression, replay(regression)};
}

bool all_passed(const std::vector<Replayed>& files) {
  return std::ranges::all_of(files, [](const Replayed& file) { return file.wrong.empty(); });
}

Json replay_json(const std::vector<Replayed>& files) {
  Json list = Json::array();
  for (const Replayed& f : files) list.push_back({{"file", f.file}, {"passed", f.wrong.empty()}, {"reason", f.wrong}});
  return {{"passed", all_passed(files)}, {"files", list}};
}

}  // namespace gapwright
