// SPDX-License-Identifier: MIT
// extract: the way back. Any valid witness of a bundle's target becomes one of its source through the lift table; both are
// checked against their instances, by the definitions and not by how the bundle says it was made.
#include <fmt/format.h>

#include <filesystem>

#include "cli/commands.hpp"
#include "cli/instance_input.hpp"
#include "cli/paths.hpp"
#include "cli/report.hpp"
#include "instances/files/bundle.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"

namespace gapwright::cli {
namespace {

struct ExtractOptions {
  std::string bundle, result, source, target;
};

/// Why a witness was refused; empty when it holds.
using Objection = std::string;

Objection check_witness(const std::vector<InputBytes>& inputs, const std::optional<AttentionWitness>& rule,
                        const WitnessNumbers& witness) {
  const Problem& problem = problem_of(inputs.at(0));
  if (!problem.objection) throw std::invalid_argument("witnesses of " + problem.name + " cannot be checked");
  return problem.objection(read_instance(problem, inputs), rule, witness);
}

/// The file at hand: a lift table, what it leads from and to, and how to check both ends where they are known.
struct Ends {
  LiftTable table;
  std::vector<InputBytes> source, target;
  std::optional<AttentionWitness> rule;
};

Ends open_ends(const Context& context, const ExtractOptions& options) {
  Ends ends;
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.bundle, ignored)) {
    ends.table = read_lift(open_input(context, options.bundle));
    if (!options.source.empty()) ends.source.push_back(open_input(context, options.source));
    if (!options.target.empty()) ends.target.push_back(open_input(context, options.target));
    ends.rule = ends.table.witness;
    return ends;
  }
  if (!options.source.empty() || !options.target.empty())
    throw std::invalid_argument("--source and --target go with a lift table; a bundle holds both");
  const Bundle bundle = read_manifest(open_input(context, options.bundle + "/manifest.json"));
  ends.table = read_lift(open_bundle_file(options.bundle, bundle.lift));
  if (ends.table.from != bundle.target.problem || ends.table.to != bundle.sources[0].problem)
    throw BadInstance(options.bundle + ": the lift table leads from " + ends.table.from + " to " + ends.table.to +
                      ", the bundle from " + bundle.target.problem + " to " + bundle.sources[0].problem);
  for (const BundleFile& file : bundle.sources) ends.source.push_back(open_bundle_file(options.bundle, file));
  ends.target.push_back(open_bundle_file(options.bundle, bundle.target));
  ends.rule = bundle.witness;
  return ends;
}

/// A lift table may name a problem that is not in the atlas; its witnesses are shown as indices.
std::string shown_witness(const std::string& problem, const WitnessNumbers& witness) {
  const Problem* row = find_problem(problem);
  return witness_text(row ? *row : Problem{}, witness);
}

bool is_formula(const std::string& problem) {
  const Problem* row = find_problem(problem);
  return row && row->literals;
}

int refuse(const std::string& problem, const WitnessNumbers& witness, const Objection& why) {
  report_error(fmt::format("no witness of the {} ({}): {}", is_formula(problem) ? "formula" : problem + " instance",
                           witness.size() > 12 ? std::to_string(witness.size()) + " numbers" : shown_witness(problem, witness),
                           why));
  return kRefuted;
}

/// The keys that make a row of an attention input a YES row: what a program that computed outputs alone can name.
WitnessNumbers witness_of_row(const Context& context, const Ends& ends, std::uint64_t row) {
  if (ends.target.empty() || ends.table.from != "attention")
    throw std::invalid_argument("a row without a witness does for an attention target only");
  Attention attention = read_attention(ends.target[0]);
  if (row >= attention.q.rows) return {static_cast<std::int64_t>(row)};
  attention = seen_by(attention, row, row + 1);
  const RecoveredBits recovered = recover_bits(attention);
  const RunControl control = run_control(context, "the row's keys");
  const Verdict verdict =
      recovered.bits ? decide_by_counts(*recovered.bits, CountMethod::verdict, control) : decide_by_balls(attention, control);
  WitnessNumbers witness{static_cast<std::int64_t>(row)};
  if (verdict.witness)
    for (std::size_t u = 1; u < verdict.witness->size(); ++u) witness.push_back(static_cast<std::int64_t>((*verdict.witness)[u]));
  return witness;
}

/// What was looked at, and what was not.
std::string checked_text(bool source, bool target) {
  if (source && target) return "both against their instances";
  if (source) return "the source's alone: that it is a witness of the target is not checked; give --target";
  if (target) return "the target's alone: that it is a witness of the source is not checked; give --source";
  return "nothing: neither instance was given; give --source and --target";
}

int run_extract(const Context& context, const ExtractOptions& options) {
  std::vector<std::string> reads{options.bundle, options.result};
  for (const std::string& end : {options.source, options.target})
    if (!end.empty()) reads.push_back(end);
  declare_paths(context, reads, {output_file(context)});
  const Ends ends = open_ends(context, options);
  const ResultNumbers result = read_result(open_input(context, options.result));
  const WitnessNumbers given = result.row ? witness_of_row(context, ends, *result.row) : result.witness;
  if (result.row && given.size() == 1) return refuse(ends.table.from, given, "it is not a YES row");
  if (!ends.target.empty())
    if (const Objection why = check_witness(ends.target, ends.rule, given); !why.empty())
      return refuse(ends.table.from, given, why);
  WitnessNumbers lifted;
  try {
    lifted = lift(ends.table, given);
  } catch (const std::invalid_argument& e) {
    return refuse(ends.table.from, given, e.what());
  }
  if (!ends.source.empty())
    if (const Objection why = check_witness(ends.source, {}, lifted); !why.empty())
      return refuse(ends.table.to, lifted,
                    (ends.target.empty() ? "the witness that was lifted is not checked (--target); of the source: "
                                         : "the target's witness holds, but lifted ") +
                        why);
  const bool source = !ends.source.empty(), target = !ends.target.empty();
  if (context.json) {
    print(context, nlohmann::ordered_json{{"problem", ends.table.to},
                                          {"witness", lifted},
                                          {"target_problem", ends.table.from},
                                          {"target_witness", given},
                                          {"checked", source && target},
                                          {"source_checked", source},
                                          {"target_checked", target}}
                           .dump(2) +
                       "\n");
  } else {
    print(context, line("target", ends.table.from + ", witness " + shown_witness(ends.table.from, given)) +
                       line(is_formula(ends.table.to) ? "assignment" : "witness", shown_witness(ends.table.to, lifted)) +
                       line("checked", checked_text(source, target)));
  }
  return kDone;
}

}  // namespace

void add_extract(CLI::App& app, Context& context) {
  auto* verb = app.add_subcommand("extract", "Lead a witness of a bundle's target back to its source");
  const auto options = std::make_shared<ExtractOptions>();
  verb->add_option("bundle", options->bundle, "folder written by reduce -o FOLDER/, or a lift table (gen -T)")->required();
  verb->add_option("--result", options->result,
                   "JSON array of integers, or an object with one under \"witness\" (decide --json); - is standard input")
      ->required();
  verb->add_option("--source", options->source, "with a lift table: the original, to check against");
  verb->add_option("--target", options->target, "with a lift table: the result, to check against");
  verb->footer(examples({"gapwright extract bundle/ --result answer.json",
                         "gapwright decide bundle/target.safetensors --json | gapwright extract bundle/ --result - --json",
                         "gapwright extract hidden.cnf.lift.json --result model.json --source plain.cnf --target hidden.cnf"}));
  verb->callback([&context, options] { context.command = [&context, options] { return run_extract(context, *options); }; });
}

}  // namespace gapwright::cli
