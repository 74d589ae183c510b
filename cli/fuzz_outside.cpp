// SPDX-License-Identifier: MIT
// `gapwright fuzz --exec`: is somebody else's reduction from CNF correct? Failing formulas are shrunk and written so that its
// author can run the program on them again.
#include "cli/fuzz_outside.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/report.hpp"
#include "explore/fuzz/outside.hpp"
#include "instances/files/dimacs.hpp"
#include "support/command.hpp"
#include "support/message.hpp"
#include "support/write_file.hpp"

namespace gapwright::cli {
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

/// OUTCOME.cnf, what the program made of it, and OUTCOME.json. Returns the path of the formula.
std::string write_failure(const std::string& folder, const OutsideFailure& failure, const OutsideRule& rule, std::uint64_t seed) {
  const std::string name = outcome_text(failure.finding.outcome);
  const std::filesystem::path base = std::filesystem::path(folder) / name;
  Json json = failure_json(failure);
  json["seed"] = seed;
  json["problem"] = rule.problem;
  json["order"] = rule.order;
  json["command"] = rule.words;
  json["files"] = {{"formula", name + ".cnf"}};
  write_file(base.string() + ".cnf", dimacs_text(failure.formula));
  if (failure.finding.target) {
    json["files"]["target"] = name + ".safetensors";
    write_file(base.string() + ".safetensors", *failure.finding.target);
  }
  if (failure.finding.lift) {
    json["files"]["lift"] = name + ".lift.json";
    write_file(base.string() + ".lift.json", *failure.finding.lift);
  }
  write_file(base.string() + ".json", json_text(json));
  return base.string() + ".cnf";
}

void make_folder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (!std::filesystem::is_directory(folder))
    throw std::invalid_argument("-o " + folder + ": fuzz writes a folder of failing formulas there, and it is no folder");
}

/// One more column than the longest outcome needs.
std::string row(const std::string& label, const std::string& text) { return fmt::format("{:<17}{}\n", label, text); }

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string failures_text(const OutsideReport& report, const std::vector<std::string>& paths) {
  std::string text;
  for (std::size_t i = 0; i < report.failures.size(); ++i) {
    const OutsideFailure& failure = report.failures[i];
    text += fmt::format("\n{}: {}\n  case {}, {}, {}{}\n", upper_case(outcome_text(failure.finding.outcome)),
                        shown_message(failure.finding.reason), failure.number, counted(failure.formula.variables, "variable"),
                        counted(failure.formula.clauses.size(), "clause"), paths[i].empty() ? ":" : ", written to " + paths[i]);
    if (paths[i].empty()) text += dimacs_text(failure.formula);
  }
  return text;
}

}  // namespace

WrittenPath failures_folder(const Context& context) {
  if (context.output == "-") return output_file(context);
  return {"-o", context.output, WrittenPath::folder, {".json", ".cnf", ".safetensors"}};
}

int run_outside_fuzz(const Context& context, const OutsideOptions& options, std::size_t cases) {
  OutsideRule rule{with_absolute_files(command_words(options.command)), options.to, context.order, {}, context.limits};
  declare_paths(context, files_among(rule.words), {failures_folder(context)});
  rule.limits = ChildLimits{options.run_timeout, context.limits.memory_bytes(), kLargestTarget};
  const bool files = context.output != "-";
  if (files) make_folder(context.output);
  const std::string name = name_of_command(rule.words);
  const OutsideReport report = run_outside_campaign(rule, context.seed, cases, run_control(context, "fuzz " + name));
  std::size_t refuting = 0, open = 0;
  Json outcomes = Json::object(), failures = Json::array();
  std::string counts;
  for (const auto& [outcome, number] : report.outcomes) {
    outcomes[outcome_text(outcome)] = number;
    if (refutes(outcome)) refuting += number;
    if (!refutes(outcome) && outcome != OutsideOutcome::agrees) open += number;
    if (number > 0) counts += row(outcome_text(outcome), std::to_string(number));
  }
  std::vector<std::string> paths;
  for (const OutsideFailure& failure : report.failures) {
    paths.push_back(files ? write_failure(context.output, failure, rule, context.seed) : "");
    failures.push_back(failure_json(failure));
  }
  const bool lifts = mentions(rule.words, "{lift}");
  const double seconds = seconds_since_start();
  const std::string result = refuting > 0 ? "wrong" : open > 0 || report.cases == 0 ? "inconclusive" : "correct on all cases";
  Context to_stdout = context;
  to_stdout.output = "-";
  if (context.json) {
    Json json{{"result", result},     {"program", name},       {"problem", rule.problem}, {"order", rule.order},
              {"seed", context.seed}, {"cases", report.cases}, {"yes", report.yes},       {"no", report.no},
              {"outcomes", outcomes}, {"lifted", nullptr},     {"failures", failures},    {"timing", {{"seconds", seconds}}}};
    if (lifts) json["lifted"] = report.lifted;
    print(to_stdout, json_text(json));
  } else {
    print(to_stdout,
          row("program", fmt::format("{}: cnf -> {}, k = {}", name, rule.problem, rule.order)) +
              row("formulas", fmt::format("{}: {} satisfiable, {} not", report.cases, report.yes, report.no)) + counts +
              (lifts ? row("lifted", counted(report.lifted, "witness", "witnesses") + " of targets led back to models") : "") +
              failures_text(report, paths) +
              row("\nresult", fmt::format("{}, seed {}, {}", result, context.seed, seconds_text(seconds))));
  }
  if (refuting > 0) {
    report_error(fmt::format("{} fails on {} of {}", name, refuting, counted(report.cases, "formula")));
    return kRefuted;
  }
  return open > 0 || report.cases == 0 ? kInconclusive : kDone;
}

}  // namespace gapwright::cli
