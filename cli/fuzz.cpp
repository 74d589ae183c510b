// SPDX-License-Identifier: MIT
// `gapwright fuzz`: campaigns that try to break every rule, and mutants that show the oracles would notice.
#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/fuzz_outside.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "explore/fuzz/campaign.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"
#include "support/write_file.hpp"

namespace gapwright::cli {
namespace {

using Json = nlohmann::ordered_json;

struct FuzzOptions {
  std::string rule = "all";
  std::size_t cases = 200;
  bool mutants = false;
  std::optional<std::size_t> exhaustive;
  std::vector<std::string> replay;
  OutsideOptions outside;
};

/// Writes regression files into the folder of -o, if one is given.
class Folder {
 public:
  explicit Folder(const Context& context) {
    if (context.output == "-") return;
    path_ = context.output;
    std::error_code error;
    std::filesystem::create_directories(path_, error);
    if (!std::filesystem::is_directory(path_))
      throw std::invalid_argument("-o " + context.output +
                                  ": fuzz writes a folder of regression files there, and it is no folder");
  }
  bool given() const { return !path_.empty(); }
  /// The path written to, or "".
  std::string write(const std::string& name, const Regression& regression) const {
    if (!given()) return "";
    std::string path = (path_ / (name + ".json")).string();
    write_file(path, regression_text(regression));
    return path;
  }

 private:
  std::filesystem::path path_;
};

std::vector<const FuzzedRule*> chosen_rules(const FuzzOptions& options) {
  std::vector<const FuzzedRule*> rules;
  if (options.rule != "all") return {&fuzzed_rule(options.rule)};
  for (const FuzzedRule& rule : fuzzed_rules()) rules.push_back(&rule);
  return rules;
}

/// What a campaign found, as text and as JSON.
struct Report {
  std::string text;
  Json rules = Json::array(), mutants = Json::array();
  std::size_t failures = 0, survivors = 0, killed = 0;
  std::map<std::string, bool> has_killed;  ///< per "rule oracle"
};

void add_rule(Report& report, const RuleReport& r, const Folder& folder) {
  std::string broken;
  Json oracles = Json::object(), failures = Json::array();
  for (const auto& [oracle, count] : r.broken) {
    broken += fmt::format("{}{} in {}", broken.empty() ? "" : ", ", oracle, count);
    oracles[oracle] = count;
  }
  report.text +=
      fmt::format("{:<36}{:>8}{:>8}{:>8}{:>9}  {}\n", r.rule, r.cases, r.yes, r.no, r.skipped, broken.empty() ? "none" : broken);
  for (const Regression& failure : r.failures) {
    ++report.failures;
    const std::string path = folder.write(r.rule + "-" + failure.oracle, failure);
    report.text += fmt::format("  BROKEN {}: {} ({}){}\n", failure.oracle, source_text(failure.fuzz_case), failure.note,
                               path.empty() ? "" : ", written to " + path);
    if (path.empty()) report.text += regression_text(failure);
    failures.push_back(Json::parse(regression_text(failure)));
  }
  report.rules.push_back({{"rule", r.rule},
                          {"cases", r.cases},
                          {"yes", r.yes},
                          {"no", r.no},
                          {"skipped", r.skipped},
                          {"broken_cases", r.broken_cases},
                          {"broken", oracles},
                          {"failures", failures}});
}

std::string mutant_heading(const FuzzedRule& rule) {
  std::string legend = "\n" + rule.name + "\n ", columns = fmt::format("  {:<34}{:>8}", "mutant", "changed");
  for (std::size_t i = 0; i < rule.oracles.size(); ++i) {
    legend += fmt::format(" [{}] {}", i + 1, rule.oracles[i]);
    columns += fmt::format("{:>6}", fmt::format("[{}]", i + 1));
  }
  return legend + "\n" + columns + "\n";
}

void add_mutant(Report& report, const FuzzedRule& rule, const MutantReport& m, const Folder& folder) {
  ++(m.killed() ? report.killed : report.survivors);
  report.text += fmt::format("  {:<34}{:>8}", m.mutant, m.changed);
  Json kills = Json::object();
  for (const std::string& oracle : rule.oracles) {
    const auto found = m.kills.find(oracle);
    report.text += fmt::format("{:>6}", found == m.kills.end() ? "." : std::to_string(found->second));
    if (found != m.kills.end()) kills[oracle] = found->second;
    report.has_killed[rule.name + " " + oracle] |= found != m.kills.end();
  }
  report.text += m.killed() ? "\n" : m.changed == 0 ? "  CHANGED NOTHING\n" : "  SURVIVED\n";
  if (m.example) folder.write(m.rule + "-mutant-" + m.mutant, *m.example);
  report.mutants.push_back({{"rule", m.rule},
                            {"mutant", m.mutant},
                            {"corrupts", with_options(m.corrupts)},
                            {"cases", m.cases},
                            {"changed", m.changed},
                            {"kills", kills},
                            {"killed", m.killed()}});
}

int run_replay(const Context& context, const FuzzOptions& options) {
  declare_paths(context, options.replay, {output_file(context)});
  std::string text;
  Json files = Json::array();
  bool all_well = true;
  for (const std::string& path : options.replay) {
    const InputBytes input = open_input(context, path);
    const Regression regression = read_regression(std::string(input.text()), input.name());
    const std::string wrong = with_options(replay(regression));
    all_well &= wrong.empty();
    text += line(wrong.empty() ? "passed" : "FAILED",
                 fmt::format("{}: {}{}{}", path, regression.fuzz_case.rule,
                             regression.mutant.empty() ? "" : ", mutant " + shown_message(regression.mutant),
                             wrong.empty() ? "" : ": " + shown_message(wrong)));
    files.push_back({{"file", path}, {"passed", wrong.empty()}, {"reason", wrong}});
  }
  print(context, context.json ? json_text({{"passed", all_well}, {"files", files}}) : text);
  return all_well ? kDone : kRefuted;
}

std::string result_json(const Context& context, const FuzzOptions& options, const Report& report, bool clean) {
  Json json{{"clean", clean}, {"seed", context.seed}, {"rules", report.rules}};
  if (options.mutants) json["mutants"] = report.mutants;
  json["timing"] = {{"seconds", seconds_since_start()}};
  return json_text(json);
}

std::string result_text(const Context& context, const FuzzOptions& options, const Report& report, bool clean) {
  std::string idle, text = report.text;
  for (const auto& [oracle, killed] : report.has_killed)
    if (!killed && !oracle.ends_with(" throws")) idle += (idle.empty() ? "" : ", ") + oracle;
  if (!idle.empty()) text += "\noracles that killed no mutant here: " + idle + "\n";
  if (options.mutants)
    text += fmt::format("\n{}: {} killed, {} survived\n", counted(report.killed + report.survivors, "mutant"), report.killed,
                        report.survivors);
  return text + line("\nresult", fmt::format("{}, seed {}, {}", clean ? "clean" : "NOT CLEAN", context.seed,
                                             seconds_text(seconds_since_start())));
}

int run_fuzz(const Context& context, const FuzzOptions& options) {
  if (context.order_given && options.outside.command.empty())
    throw std::invalid_argument("-k goes with --exec; the rules here choose their orders");
  if (context.seed_given && !options.replay.empty())
    throw std::invalid_argument("--seed: a replay draws nothing at random; leave it out");
  if (!options.replay.empty()) return run_replay(context, options);
  if (!options.outside.command.empty()) return run_outside_fuzz(context, options.outside, options.cases);
  declare_paths(context, {}, {failures_folder(context)});
  const Folder folder(context);
  Campaign campaign{context.seed, options.cases, {}, {}, context.limits};
  if (options.exhaustive) campaign.formulas = every_formula(*options.exhaustive);
  Report report;
  report.text = fmt::format("{:<36}{:>8}{:>8}{:>8}{:>9}  {}\n", "rule", "cases", "yes", "no", "skipped", "oracles broken");
  const auto rules = chosen_rules(options);
  for (const FuzzedRule* rule : rules) {
    campaign.control = run_control(context, "fuzz " + rule->name);
    add_rule(report, run_campaign(*rule, campaign), folder);
  }
  for (const FuzzedRule* rule : rules) {
    if (!options.mutants) break;
    report.text += mutant_heading(*rule);
    for (const FuzzedRule::Mutant& mutant : rule->mutants) {
      campaign.control = run_control(context, "mutant " + rule->name + " " + mutant.name);
      add_mutant(report, *rule, run_mutant(*rule, mutant, campaign, folder.given()), folder);
    }
  }
  const bool clean = report.failures == 0 && report.survivors == 0;
  Context to_stdout = context;
  to_stdout.output = "-";
  print(to_stdout, context.json ? result_json(context, options, report, clean) : result_text(context, options, report, clean));
  if (clean) return kDone;
  report_error(report.failures > 0 ? "a rule breaks its oracles; replay with gapwright fuzz --replay FILE"
                                   : "a mutant survives: the oracles would not notice that fault");
  return kRefuted;
}

}  // namespace

void add_fuzz(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "fuzz",
      "Try to break the rules, or somebody else's reduction: random, exhaustive or mutated, judged by independent oracles");
  const auto options = std::make_shared<FuzzOptions>();
  auto* rule =
      verb->add_option("rule", options->rule, "a rule, or all; 'gapwright fuzz all --cases 0' lists them")->capture_default_str();
  verb->add_option("--cases", options->cases, "cases of each rule")->check(whole_number())->capture_default_str();
  auto* mutants = verb->add_flag("--mutants", options->mutants,
                                 "also run every mutant of the rule: which oracle kills which; exit 3 if one survives");
  auto* exhaustive = verb->add_option("--exhaustive", options->exhaustive,
                                      "instead of random sources: every formula of at most this many variables and clauses")
                         ->check(whole_number());
  auto* replay = verb->add_option("--replay", options->replay, "regression files to run again")->excludes(exhaustive);
  auto* exec = verb->add_option("--exec", options->outside.command,
                                "your reduction from CNF: '... {in} ... {out}', DIMACS in, safetensors out, with {lift} also a "
                                "lift table (docs/formats.md); no shell")
                   ->excludes(rule)
                   ->excludes(mutants)
                   ->excludes(exhaustive)
                   ->excludes(replay);
  auto* to =
      verb->add_option("--to", options->outside.to, "with --exec: the problem it reduces to, of order -k")
          ->check(CLI::IsMember(words_for<FileKind>({FileKind::orthogonal_vectors, FileKind::gap_max_ip, FileKind::attention})))
          ->needs(exec);
  exec->needs(to);
  verb->add_option("--run-timeout", options->outside.run_timeout, "with --exec: seconds for one formula")
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->needs(exec);
  verb->footer(examples({"gapwright fuzz all --cases 1000 --seed 7", "gapwright fuzz merlin_arthur --mutants -o found",
                         "gapwright fuzz --exec 'python3 reduce.py {in} {out}' --to attention -k 2 --cases 300 -o found"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_fuzz(context, *options); }; });
}

}  // namespace gapwright::cli
