// SPDX-License-Identifier: MIT
// `gapwright fuzz`: campaigns that try to break every rule, and mutants that show the oracles would notice.
#include <fmt/format.h>

#include <map>

#include "atlas/reduce.hpp"
#include "cli/commands.hpp"
#include "cli/fuzz_outside.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "explore/fuzz/fuzz_request.hpp"
#include "support/fields_in_message.hpp"
#include "support/message.hpp"
#include "support/said_json.hpp"

namespace gapwright::cli {
namespace {

struct FuzzOptions {
  FuzzRequest campaign;  ///< seed, folder and limits apart
  std::vector<std::string> replay;
  OutsideRequest outside;
};

/// The oracles of each rule, by "rule oracle": has it killed a mutant?
using Killers = std::map<std::string, bool>;

std::string campaign_text(const RuleReport& r, const std::string& folder) {
  std::string broken, text;
  for (const auto& [oracle, count] : r.broken) broken += fmt::format("{}{} in {}", broken.empty() ? "" : ", ", oracle, count);
  text =
      fmt::format("{:<36}{:>8}{:>8}{:>8}{:>9}  {}\n", r.rule, r.cases, r.yes, r.no, r.skipped, broken.empty() ? "none" : broken);
  for (const Regression& failure : r.failures) {
    const std::string path = regression_path(folder, failure);
    text += fmt::format("  BROKEN {}: {} ({}){}\n", failure.oracle, source_text(failure.fuzz_case), failure.note,
                        path.empty() ? "" : ", written to " + path);
    if (path.empty()) text += regression_text(failure);
  }
  return text;
}

std::string mutant_heading(const FuzzedRule& rule) {
  std::string legend = "\n" + rule.name + "\n ", columns = fmt::format("  {:<34}{:>8}", "mutant", "changed");
  for (std::size_t i = 0; i < rule.oracles.size(); ++i) {
    legend += fmt::format(" [{}] {}", i + 1, rule.oracles[i]);
    columns += fmt::format("{:>6}", fmt::format("[{}]", i + 1));
  }
  return legend + "\n" + columns + "\n";
}

std::string mutant_text(const FuzzedRule& rule, const MutantReport& m, Killers& killers) {
  std::string text = fmt::format("  {:<34}{:>8}", m.mutant, m.changed);
  for (const std::string& oracle : rule.oracles) {
    const auto found = m.kills.find(oracle);
    text += fmt::format("{:>6}", found == m.kills.end() ? "." : std::to_string(found->second));
    killers[rule.name + " " + oracle] |= found != m.kills.end();
  }
  return text + (m.killed() ? "\n" : m.changed == 0 ? "  CHANGED NOTHING\n" : "  SURVIVED\n");
}

std::string mutants_text(const FuzzResult& result) {
  std::string text, idle;
  Killers killers;
  for (const RuleReport& report : result.rules) {
    const FuzzedRule& rule = fuzzed_rule(report.rule);
    text += mutant_heading(rule);
    for (const MutantReport& m : result.mutants)
      if (m.rule == rule.name) text += mutant_text(rule, m, killers);
  }
  for (const auto& [oracle, killed] : killers)
    if (!killed && !oracle.ends_with(" throws")) idle += (idle.empty() ? "" : ", ") + oracle;
  if (!idle.empty()) text += "\noracles that killed no mutant here: " + idle + "\n";
  return text + fmt::format("\n{}: {} killed, {} survived\n", counted(result.mutants.size(), "mutant"),
                            result.mutants.size() - result.survivors(), result.survivors());
}

std::string result_text(const FuzzResult& result) {
  std::string text = fmt::format("{:<36}{:>8}{:>8}{:>8}{:>9}  {}\n", "rule", "cases", "yes", "no", "skipped", "oracles broken");
  for (const RuleReport& report : result.rules) text += campaign_text(report, result.request.folder);
  if (result.request.mutants) text += mutants_text(result);
  return text + line("\nresult", fmt::format("{}, seed {}, {}", result.clean() ? "clean" : "NOT CLEAN", result.request.seed,
                                             seconds_text(seconds_since_start())));
}

std::string result_json(const FuzzResult& result) {
  nlohmann::ordered_json json = said_json(fuzz_json(result), with_options);
  json["timing"] = {{"seconds", seconds_since_start()}};
  return json_text(json);
}

int run_replay(const Context& context, const std::vector<std::string>& paths) {
  declare_paths(context, paths, {output_file(context)});
  std::string text;
  std::vector<Replayed> files;
  for (const std::string& path : paths) {
    files.push_back(replay_file(open_input(context, path)));
    const auto& [file, regression, wrong] = files.back();
    text += line(wrong.empty() ? "passed" : "FAILED",
                 fmt::format("{}: {}{}{}", file, regression.fuzz_case.rule,
                             regression.mutant.empty() ? "" : ", mutant " + shown_message(regression.mutant),
                             wrong.empty() ? "" : ": " + shown_message(with_options(wrong))));
  }
  print(context, context.json ? json_text(said_json(replay_json(files), with_options)) : text);
  return all_passed(files) ? kDone : kRefuted;
}

int run_campaigns(const Context& context, FuzzRequest request) {
  declare_paths(context, {}, {failures_folder(context)});
  request.seed = context.seed;
  request.folder = context.output == "-" ? "" : context.output;
  request.limits = context.limits;
  const FuzzResult result = fuzz_rules(request, [&](const std::string& stage) { return run_control(context, stage); });
  Context to_stdout = context;
  to_stdout.output = "-";
  print(to_stdout, context.json ? result_json(result) : result_text(result));
  if (result.clean()) return kDone;
  report_error(result.failures() > 0 ? "a rule breaks its oracles; replay with gapwright fuzz --replay FILE"
                                     : "a mutant survives: the oracles would not notice that fault");
  return kRefuted;
}

int run_fuzz(const Context& context, const FuzzOptions& options) {
  if (context.order_given && options.outside.command.empty())
    throw std::invalid_argument("-k goes with --exec; the rules here choose their orders");
  if (context.seed_given && !options.replay.empty())
    throw std::invalid_argument("--seed: a replay draws nothing at random; leave it out");
  if (!options.replay.empty()) return run_replay(context, options.replay);
  if (options.outside.command.empty()) return run_campaigns(context, options.campaign);
  OutsideRequest outside = options.outside;
  outside.cases = options.campaign.cases;
  return run_outside_fuzz(context, outside);
}

}  // namespace

void add_fuzz(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "fuzz",
      "Try to break the rules, or somebody else's reduction: random, exhaustive or mutated, judged by independent oracles");
  const auto options = std::make_shared<FuzzOptions>();
  auto* rule = verb->add_option("rule", options->campaign.rule, "a rule, or all; 'gapwright fuzz all --cases 0' lists them")
                   ->capture_default_str();
  verb->add_option("--cases", options->campaign.cases, "cases of each rule")->check(whole_number())->capture_default_str();
  auto* mutants = verb->add_flag("--mutants", options->campaign.mutants,
                                 "also run every mutant of the rule: which oracle kills which; exit 3 if one survives");
  auto* exhaustive = verb->add_option("--exhaustive", options->campaign.exhaustive,
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
  auto* to = add_word_option<FileKind>(*verb, "--to", options->outside.to, "with --exec: the problem it reduces to, of order -k",
                                       outside_targets())
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
