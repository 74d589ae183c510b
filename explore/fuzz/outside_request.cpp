// SPDX-License-Identifier: MIT
// In: a command that reduces formulas. Out: whether it is right, with the formulas on which it fails, so that its author can run it on them
// again. Both faces call it.
#include "explore/fuzz/outside_request.hpp"

#include <filesystem>

#include "explore/fuzz/fuzz_request.hpp"
#include "instances/files/dimacs.hpp"
#include "support/command.hpp"
#include "support/json_text.hpp"
#include "support/write_file.hpp"

namespace gapwright {
namespace {

using Json = nlohmann::ordered_json;
constexpr std::uint64_t kLargestTarget = std::uint64_t{1} << 28;

Json failure_json(const OutsideFailure& failure) {
  const OutsideFinding& f = failure.finding;
  Json json{{"outcome", outcome_text(f.outcome)},
            {"reason", f.reason},
            {"case", failure.number},
            {"variables", failure.formula.variables},
            {"clauses", failure.formula.clauses},
            {"satisfiable", f.satisfiable},
            {"models", f.models},
            {"target", nullptr}};
  if (f.side) json["target"] = side_text(*f.side);
  return json;
}

std::string path_of(const std::string& folder, const OutsideFailure& failure, const std::string& ending) {
  return (std::filesystem::path(folder) / (outcome_text(failure.finding.outcome) + ending)).string();
}

void write_failure(const OutsideResult& result, const OutsideFailure& failure) {
  const std::string& folder = result.request.folder;
  const std::string name = outcome_text(failure.finding.outcome);
  Json json = failure_json(failure);
  json["seed"] = result.request.seed;
  json["problem"] = result.rule.problem;
  json["order"] = result.rule.order;
  json["command"] = result.rule.words;
  json["files"] = {{"formula", name + ".cnf"}};
  write_file(failure_path(folder, failure), dimacs_text(failure.formula));
  if (failure.finding.target) {
    json["files"]["target"] = name + ".safetensors";
    write_file(path_of(folder, failure, ".safetensors"), *failure.finding.target);
  }
  if (failure.finding.lift) {
    json["files"]["lift"] = name + ".lift.json";
    write_file(path_of(folder, failure, ".lift.json"), *failure.finding.lift);
  }
  write_file(path_of(folder, failure, ".json"), json_text(json));
}

}  // namespace

std::string failure_path(const std::string& folder, const OutsideFailure& failure) {
  return folder.empty() ? "" : path_of(folder, failure, ".cnf");
}

std::vector<std::string> outside_targets() {
  return words_for<FileKind>({FileKind::orthogonal_vectors, FileKind::gap_max_ip, FileKind::attention});
}

OutsideRule outside_rule(const OutsideRequest& request) {
  return {with_absolute_files(command_words(request.command)), std::string(word_of(request.to)), request.order,
          ChildLimits{request.run_timeout, request.limits.memory_bytes(), kLargestTarget}, request.limits};
}

std::string OutsideResult::program() const { return name_of_command(rule.words); }

bool OutsideResult::lifts() const { return mentions(rule.words, "{lift}"); }

std::size_t OutsideResult::refuting() const {
  std::size_t all = 0;
  for (const auto& [outcome, number] : report.outcomes) all += refutes(outcome) ? number : 0;
  return all;
}

std::size_t OutsideResult::open() const {
  std::size_t all = 0;
  for (const auto& [outcome, number] : report.outcomes) all += refutes(outcome) || outcome == OutsideOutcome::agrees ? 0 : number;
  return all;
}

std::string OutsideResult::word() const {
  return refuting() > 0 ? "wrong" : inconclusive() ? "inconclusive" : "correct on all cases";
}

OutsideResult fuzz_outside(const OutsideRequest& request, const RunControl& control) {
  OutsideResult result{request, outside_rule(request), {}};
  if (!request.folder.empty()) make_failures_folder(request.folder, "failing formulas");
  result.report = run_outside_campaign(result.rule, request.seed, request.cases, control);
  if (!request.folder.empty())
    for (const OutsideFailure& failure : result.report.failures) write_failure(result, failure);
  return result;
}

Json outside_json(const OutsideResult& result) {
  const OutsideReport& report = result.report;
  Json outcomes = Json::object(), failures = Json::array();
  for (const auto& [outcome, number] : report.outcomes) outcomes[outcome_text(outcome)] = number;
  for (const OutsideFailure& failure : report.failures) failures.push_back(failure_json(failure));
  Json json{{"result", result.word()},
            {"program", result.program()},
            {"problem", result.rule.problem},
            {"order", result.rule.order},
            {"seed", result.request.seed},
            {"cases", report.cases},
            {"yes", report.yes},
            {"no", report.no},
            {"outcomes", outcomes},
            {"lifted", nullptr},
            {"failures", failures}};
  if (result.lifts()) json["lifted"] = report.lifted;
  return json;
}

}  // namespace gapwright
