// SPDX-License-Identifier: MIT
// In: a bundle or a lift table, and a witness of the target. Out: one of the source, or why there is none. Both faces call it.
#include "atlas/extract.hpp"

#include <filesystem>

#include "instances/files/bundle.hpp"
#include "instances/files/instance_files.hpp"
#include "support/errors.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"

namespace gapwright {
namespace {

/// Why a witness was refused; empty when it holds.
using Objection = std::string;

Objection objection_to(const std::vector<InputFile>& inputs, const std::optional<AttentionWitness>& rule,
                       const WitnessNumbers& witness) {
  const Problem& problem = problem_of(inputs.at(0));
  if (!problem.objection) throw std::invalid_argument("witnesses of " + problem.name + " cannot be checked");
  return problem.objection(read_instance(problem, inputs), rule, witness);
}

LiftEnds ends_of_bundle(const std::string& folder, const std::function<InputBytes(const std::string&)>& open) {
  const Bundle bundle = read_manifest(open(folder + "/manifest.json"));
  LiftEnds ends{read_lift(open_bundle_file(folder, bundle.lift)), {}, {}, bundle.witness};
  if (ends.table.from != bundle.target.problem || ends.table.to != bundle.sources[0].problem)
    throw BadInstance(folder + ": the lift table leads from " + ends.table.from + " to " + ends.table.to + ", the bundle from " +
                      bundle.target.problem + " to " + bundle.sources[0].problem);
  for (const BundleFile& file : bundle.sources) ends.source.emplace_back(open_bundle_file(folder, file));
  ends.target.emplace_back(open_bundle_file(folder, bundle.target));
  return ends;
}

std::string refusal(const std::string& problem, const WitnessNumbers& witness, const Objection& why) {
  constexpr std::size_t kShown = 12;
  const Problem* row = find_problem(problem);
  return "no witness of the " + (row && row->literals ? "formula" : problem + " instance") + " (" +
         (witness.size() > kShown ? std::to_string(witness.size()) + " numbers" : shown_witness(problem, witness)) + "): " + why;
}

/// The keys that make a row of an attention input a YES row: what a program that computed outputs alone can name.
WitnessNumbers witness_of_row(const LiftEnds& ends, std::uint64_t row, const RunControl& control) {
  if (ends.target.empty() || ends.table.from != "attention")
    throw std::invalid_argument("a row without a witness does for an attention target only");
  Attention attention = read_attention(ends.target[0]);
  if (row >= attention.q.rows) return {static_cast<std::int64_t>(row)};
  attention = seen_by(attention, row, row + 1);
  const RecoveredBits recovered = recover_bits(attention);
  const Verdict verdict =
      recovered.bits ? decide_by_counts(*recovered.bits, CountMethod::verdict, control) : decide_by_balls(attention, control);
  WitnessNumbers witness{static_cast<std::int64_t>(row)};
  if (verdict.witness)
    for (std::size_t u = 1; u < verdict.witness->size(); ++u) witness.push_back(static_cast<std::int64_t>((*verdict.witness)[u]));
  return witness;
}

/// Leads the target's witness back; what is wrong on the way, if anything is.
std::string flaw_on_the_way_back(const LiftEnds& ends, bool by_row, Extracted& e) {
  if (by_row && e.target_witness.size() == 1) return refusal(e.target_problem, e.target_witness, "it is not a YES row");
  if (e.target_checked)
    if (const Objection why = objection_to(ends.target, ends.rule, e.target_witness); !why.empty())
      return refusal(e.target_problem, e.target_witness, why);
  try {
    e.witness = lift(ends.table, e.target_witness);
  } catch (const std::invalid_argument& error) {
    return refusal(e.target_problem, e.target_witness, error.what());
  }
  if (!e.source_checked) return "";
  const Objection why = objection_to(ends.source, {}, e.witness);
  if (why.empty()) return "";
  return refusal(e.problem, e.witness,
                 (e.target_checked ? "the target's witness holds, but lifted "
                                   : "the witness that was lifted is not checked (`target`); of the source: ") +
                     why);
}

}  // namespace

LiftEnds open_ends(const ExtractRequest& request, const std::function<InputBytes(const std::string& path)>& open) {
  std::error_code ignored;
  if (std::filesystem::is_directory(request.bundle, ignored)) {
    if (!request.source.empty() || !request.target.empty())
      throw std::invalid_argument("`source` and `target` go with a lift table; a bundle holds both");
    return ends_of_bundle(request.bundle, open);
  }
  LiftEnds ends{read_lift(open(request.bundle)), {}, {}, {}};
  if (!request.source.empty()) ends.source.emplace_back(open(request.source));
  if (!request.target.empty()) ends.target.emplace_back(open(request.target));
  ends.rule = ends.table.witness;
  return ends;
}

Extracted extract(const LiftEnds& ends, const ResultNumbers& result, const RunControl& control) {
  Extracted e{ends.table.to, ends.table.from, {}, {}, !ends.source.empty(), !ends.target.empty(), ""};
  e.target_witness = result.row ? witness_of_row(ends, *result.row, control) : result.witness;
  e.refused = flaw_on_the_way_back(ends, result.row.has_value(), e);
  return e;
}

nlohmann::ordered_json extract_json(const Extracted& e) {
  return {{"problem", e.problem},
          {"witness", e.witness},
          {"target_problem", e.target_problem},
          {"target_witness", e.target_witness},
          {"checked", e.source_checked && e.target_checked},
          {"source_checked", e.source_checked},
          {"target_checked", e.target_checked}};
}

std::string shown_witness(const std::string& problem, const WitnessNumbers& witness) {
  const Problem* row = find_problem(problem);
  return witness_text(row ? *row : Problem{}, witness);
}

}  // namespace gapwright
