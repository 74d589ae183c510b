// SPDX-License-Identifier: MIT
// audit: is an attention kernel right? A program or a shared library, on dressed inputs with certified truths.
#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/new_files.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "cli/word_option.hpp"
#include "explore/audit/audit_json.hpp"
#include "explore/challenge/exec_adapter.hpp"
#include "explore/challenge/library_adapter.hpp"
#include "instances/files/narrow.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"

namespace gapwright::cli {
namespace {

struct AuditArguments {
  std::string command, library, name, keep;
  AuditRequest request;
  bool no_causal = false, list = false, same = false;
  double run_timeout = 20;
  const CLI::App* app = nullptr;
};

constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;  // that a kernel may write

NamedAlgorithm kernel_of(const Context& context, const AuditArguments& arguments, const RunControl& control) {
  const ChildLimits limits{arguments.run_timeout, context.limits.memory_bytes(), kLargestFile};
  if (arguments.command.empty() == arguments.library.empty())
    throw std::invalid_argument("name the kernel by --exec or by --library, one of them");
  if (!arguments.library.empty())
    return {std::filesystem::path(arguments.library).stem().string(), library_algorithm(arguments.library, limits, control)};
  const std::vector<std::string> words = command_words(arguments.command);
  return {name_of_command(words), exec_algorithm(words, limits, {}, control)};
}

/// The inputs of failed checks, each as the kernel got it.
std::vector<std::string> kept(const AuditArguments& arguments, const AuditResult& result) {
  std::vector<std::string> files;
  if (arguments.keep.empty() || !result.failed()) return files;
  NewFiles folder(arguments.keep);
  for (const CheckResult& check : result.checks) {
    files.emplace_back();
    if (!check.failing) continue;
    files.back() = folder.add(file_of_check(check.name));
    write_challenge_input(files.back(), {check.failing->attention, check.failing->causal, result.request.shape.dtype}, {});
  }
  folder.finish();
  return files;
}

std::string again_text(const AuditResult& result) {
  std::string text;
  for (const CheckResult& check : result.checks)
    if (check.outcome == CheckOutcome::failed) text += fmt::format("again: the same command with --only '{}'\n", check.name);
  return text;
}

std::string list_text(const std::vector<Check>& checks) {
  std::string text;
  for (const Check& check : checks) text += fmt::format("{}{}\n", check.name, check.quick ? "  (quick)" : "");
  return text;
}

std::string list_json(const std::vector<Check>& checks) {
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  for (const Check& check : checks) json.push_back({{"name", check.name}, {"kind", word_of(check.kind)}, {"quick", check.quick}});
  return json_text(json);
}

int run_audit(const Context& context, const AuditArguments& arguments) {
  AuditRequest request = arguments.request;
  request.shape.order = arguments.app->count("-k") > 0 ? context.order : 2;
  request.shape.seed = context.seed;
  request.causal = !arguments.no_causal;
  request.accuracy.narrow_scores = arguments.same;
  request.limits = context.limits;
  const std::vector<Check> checks = checks_of(request);
  std::vector<std::string> reads;
  if (!arguments.library.empty()) reads.push_back(arguments.library);
  if (!arguments.command.empty())
    for (const std::string& file : files_among(command_words(arguments.command))) reads.push_back(file);
  declare_paths(context, reads, {{"--keep", arguments.keep, WrittenPath::folder, {".safetensors"}}, output_file(context)});
  if (arguments.list) {
    print(context, context.json ? list_json(checks) : list_text(checks));
    return kDone;
  }
  if (std::error_code none;
      std::filesystem::is_directory(arguments.keep, none) && !std::filesystem::is_empty(arguments.keep, none))
    throw std::invalid_argument("--keep " + arguments.keep + ": is not empty; name a new folder");  // before anything is run
  const RunControl control = run_control(context, "audit");
  const NamedAlgorithm kernel = kernel_of(context, arguments, control);
  const AuditResult result = audit(request, kernel.run, control);
  const std::string name = arguments.name.empty() ? kernel.name : arguments.name;
  const std::vector<std::string> files = kept(arguments, result);
  print(context,
        context.json ? json_text(audit_json(result, name, files)) : audit_text(result, name, files) + again_text(result));
  if (result.stopped_by == RunControl::interrupted) return kInterrupted;
  if (result.failed()) {
    report_error(fmt::format("{} fails {}", shown_message(name), counted(result.count(CheckOutcome::failed), "check")));
    return kRefuted;
  }
  if (!result.complete) {
    report_error("the time limit was reached, and the audit is not complete; raise --timeout");
    return kLimit;
  }
  return result.passed() ? kDone : kInconclusive;
}

}  // namespace

void add_audit(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand(
      "audit", "Is an attention kernel right? Inputs that show faults which random ones hide (order 2 unless -k is given)");
  const auto arguments = std::make_shared<AuditArguments>();
  AuditRequest& request = arguments->request;
  arguments->app = &app;
  const auto one_each = [](CLI::Option* option) {
    return option->type_size(1)->expected(1)->take_all()->allow_extra_args(false);
  };
  verb->add_option("--exec", arguments->command, "a program: '... {in} ... {out}', safetensors in and out, no shell");
  verb->add_option("--library", arguments->library,
                   "a shared library with gapwright_challenge_attention (include/gapwright/challenge.h)");
  verb->add_option("--name", arguments->name, "its name in the report");
  verb->add_option("--rows", request.shape.rows,
                   "rows and keys where a check does not choose them [250 for order 2, 33 for order 3]")
      ->check(positive_whole_number());
  verb->add_option("--dimension", request.shape.dimension, "columns of q and keys")
      ->check(positive_whole_number())
      ->capture_default_str();
  verb->add_option("--columns", request.shape.columns, "columns of values")
      ->check(positive_whole_number())
      ->capture_default_str();
  add_word_option<Dtype>(*verb, "--entry-dtype", request.shape.dtype, "type of entries and outputs")
      ->default_str(std::string(word_of(request.shape.dtype)));
  verb->add_flag("--accumulate-same", arguments->same,
                 "scores and weights are rounded to the entry type, as some kernels promise no more");
  verb->add_option("--factor", request.accuracy.factor, "F: how many times the error of plain softmax is allowed")
      ->check(positive_number())
      ->capture_default_str();
  verb->add_flag("--no-causal", arguments->no_causal, "the kernel takes no causal mask");
  verb->add_flag("--quick", request.quick, "a part of the checks");
  verb->add_flag("--fail-fast", request.fail_fast, "end at the first check that fails");
  one_each(verb->add_option("--only", request.only, "a check, or a kind of checks; may be repeated"));
  one_each(verb->add_option("--skip", request.skip, "leave out a check, or a kind of checks; may be repeated"));
  verb->add_flag("--list", arguments->list, "run nothing: the names of the checks");
  verb->add_option("--keep", arguments->keep, "folder for the inputs of failed checks");
  verb->add_option("--run-timeout", arguments->run_timeout, "seconds for one run of the kernel")
      ->check(positive_number())
      ->capture_default_str();
  verb->footer(
      examples({"gapwright audit --exec '/usr/bin/python3 examples/exact.py {in} {out}' --quick",
                "gapwright audit -k 3 --library ./libkernel.so --entry-dtype f64 --keep failed/", "gapwright audit --list"}));
  verb->callback([&context, arguments] { context.command = [&context, arguments] { return run_audit(context, *arguments); }; });
}

}  // namespace gapwright::cli
