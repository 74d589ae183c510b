// SPDX-License-Identifier: MIT
// `gapwright fuzz --exec`: is somebody else's reduction from CNF correct? Failing formulas are shrunk and written so that its
// author can run the program on them again.
#include "cli/fuzz_outside.hpp"

#include <fmt/format.h>

#include "cli/report.hpp"
#include "instances/files/dimacs.hpp"
#include "support/command.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

/// One more column than the longest outcome needs.
std::string row(const std::string& label, const std::string& text) { return fmt::format("{:<17}{}\n", label, text); }

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string failures_text(const OutsideResult& result) {
  std::string text;
  for (const OutsideFailure& failure : result.report.failures) {
    const std::string path = failure_path(result.request.folder, failure);
    text += fmt::format("\n{}: {}\n  case {}, {}, {}{}\n", upper_case(outcome_text(failure.finding.outcome)),
                        shown_message(failure.finding.reason), failure.number, counted(failure.formula.variables, "variable"),
                        counted(failure.formula.clauses.size(), "clause"), path.empty() ? ":" : ", written to " + path);
    if (path.empty()) text += dimacs_text(failure.formula);
  }
  return text;
}

std::string outside_text(const OutsideResult& result, double seconds) {
  const OutsideReport& report = result.report;
  std::string counts;
  for (const auto& [outcome, number] : report.outcomes)
    if (number > 0) counts += row(outcome_text(outcome), std::to_string(number));
  return row("program", fmt::format("{}: cnf -> {}, k = {}", result.program(), result.rule.problem, result.rule.order)) +
         row("formulas", fmt::format("{}: {} satisfiable, {} not", report.cases, report.yes, report.no)) + counts +
         (result.lifts() ? row("lifted", counted(report.lifted, "witness", "witnesses") + " of targets led back to models")
                         : "") +
         failures_text(result) +
         row("\nresult", fmt::format("{}, seed {}, {}", result.word(), result.request.seed, seconds_text(seconds)));
}

}  // namespace

WrittenPath failures_folder(const Context& context) {
  if (context.output == "-") return output_file(context);
  return {"-o", context.output, WrittenPath::folder, {".json", ".cnf", ".safetensors"}};
}

int run_outside_fuzz(const Context& context, OutsideRequest request) {
  request.order = context.order;
  request.seed = context.seed;
  request.folder = context.output == "-" ? "" : context.output;
  request.limits = context.limits;
  const std::vector<std::string> words = outside_rule(request).words;
  declare_paths(context, files_among(words), {failures_folder(context)});
  const OutsideResult result = fuzz_outside(request, run_control(context, "fuzz " + name_of_command(words)));
  const double seconds = seconds_since_start();
  Context to_stdout = context;
  to_stdout.output = "-";
  if (context.json) {
    nlohmann::ordered_json json = outside_json(result);
    json["timing"] = {{"seconds", seconds}};
    print(to_stdout, json_text(json));
  } else {
    print(to_stdout, outside_text(result, seconds));
  }
  if (result.refuting() > 0) {
    report_error(
        fmt::format("{} fails on {} of {}", result.program(), result.refuting(), counted(result.report.cases, "formula")));
    return kRefuted;
  }
  return result.inconclusive() ? kInconclusive : kDone;
}

}  // namespace gapwright::cli
