// SPDX-License-Identifier: MIT
#include "explore/fuzz/outside_target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

#include "explore/fuzz/conformance.hpp"
#include "instances/files/file_metadata.hpp"
#include "instances/files/gap_max_ip_files.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/files/narrow.hpp"
#include "instances/files/npy.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/attention_witnesses.hpp"
#include "verify/gap_max_ip.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/recover_bits.hpp"

namespace gapwright {
namespace {

using Tuples = std::vector<std::vector<std::size_t>>;
constexpr std::uint64_t kMostBalls = 1 << 12;  // tuples above which bit inputs are left to the counts
constexpr long kFirstPrecision = 64, kLastPrecision = 2048;
constexpr int kShownDigits = 12;

void agree(bool same) {
  if (!same) throw std::logic_error("two routes of gapwright decide this target differently; please report it with the target");
}

std::optional<std::uint64_t> tuples_within(std::uint64_t most, const std::vector<std::size_t>& rows) {
  std::uint64_t tuples = 1;
  for (const std::size_t n : rows)
    if (n != 0 && (n > most || (tuples *= n) > most)) return std::nullopt;  // most is below 2^32: no product wraps
  return tuples;
}

void conclude(OutsideTarget& target, TargetSide side, std::string reason = "") {
  target.side = side;
  target.reason = std::move(reason);
}

/// True when there are too many tuples, which leaves the target undecided.
bool is_too_large(OutsideTarget& target, std::uint64_t most) {
  if (tuples_within(most, target.rows.rows)) return false;
  conclude(target, TargetSide::undecided, fmt::format("the target has more than {} tuples", most));
  return true;
}

std::vector<WitnessNumbers> numbers_of(const Tuples& tuples) {
  std::vector<WitnessNumbers> numbers;
  for (const auto& tuple : tuples) numbers.emplace_back(tuple.begin(), tuple.end());
  return numbers;
}

void check_sets(const std::string& file, std::size_t sets, std::size_t order) {
  if (sets != order) throw BadInstance(fmt::format("{}: is of order {}, wanted is {}", file, sets, order));
}

/// Vectors have no values: every row counts as its set's.
void take_rows(OutsideTarget& target, const auto& sets) {
  for (const auto& set : sets) target.rows.rows.push_back(set.rows);
  target.rows.counted.resize(target.rows.rows.size());
}

OutsideTarget judge_vectors(const InputFile& input, std::size_t order, const RunControl& control, std::uint64_t most) {
  const OrthogonalVectorsFile file = read_orthogonal_vectors({input});
  const OrthogonalVectors& ov = file.vectors;
  check_sets(input.name(), ov.sets.size(), order);
  OutsideTarget target;
  target.expected = file.expected;
  take_rows(target, ov.sets);
  if (is_too_large(target, most)) return target;
  const Tuples witnesses = conformance::all_witnesses(ov);
  const auto first = first_orthogonal_tuple(ov, control);
  agree(first.has_value() == !witnesses.empty() && (!first || *first == witnesses.front()));
  conclude(target, first ? TargetSide::yes : TargetSide::no);
  target.witnesses = numbers_of(witnesses);
  return target;
}

/// By every tuple and by the kernels; real vectors by sums of doubles with their error, which is how the problem is posed for them.
OutsideTarget judge_gap(const InputFile& input, std::size_t order, const RunControl& control, std::uint64_t most) {
  const GapMaxIpFile file = read_gap_max_ip(input);
  OutsideTarget target;
  target.expected = file.expected;
  if (file.vectors()) take_rows(target, file.vectors()->sets);
  if (file.real()) take_rows(target, file.real()->sets);
  if (file.factored()) take_rows(target, *file.factored()->sets);
  check_sets(input.name(), target.rows.rows.size(), order);
  if (file.factored()) target.misstatement = false_symbols(*file.factored());
  if (is_too_large(target, most)) return target;
  if (file.real() &&
      2 * file.real()->rounding >= static_cast<double>(file.real()->gap.yes_at_least - file.real()->gap.no_at_most))
    throw BadInstance(input.name() + ": the rounding leaves no gap between yes_at_least and no_at_most");
  if (file.real() && metadata_at(input.tensors(), "rounding")) target.misstatement = false_rounding(*file.real());
  const Gap gap = file.gap();
  const GapVerdict verdict = std::visit([&](const auto& instance) { return decide_gap(instance, control); }, file.instance);
  Tuples witnesses;
  if (file.real()) {
    witnesses = conformance::all_tuples(target.rows.rows);
    std::erase_if(witnesses, [&](const auto& tuple) {
      return inner_product(*file.real(), tuple) < static_cast<double>(gap.yes_at_least) - verdict.error;
    });
  } else {
    witnesses = file.vectors() ? conformance::all_witnesses(*file.vectors()) : conformance::all_witnesses(*file.factored());
    agree((verdict.side == GapSide::yes) == !witnesses.empty());
  }
  if (verdict.side == GapSide::outside_promise) {
    conclude(target, TargetSide::outside_promise,
             fmt::format("the largest inner product is {}, between s_no = {} and t = {}", verdict.largest, gap.no_at_most,
                         gap.yes_at_least));
    return target;
  }
  conclude(target, verdict.side == GapSide::yes ? TargetSide::yes : TargetSide::no);
  target.witnesses = numbers_of(witnesses);
  return target;
}

/// Bounds of the largest output of a row; none when a ball is not bounded at this precision.
struct Largest {
  mpq_class lo, hi;
};
std::optional<Largest> largest_of(const std::vector<Ball>& outputs) {
  std::optional<Largest> largest;
  for (const Ball& out : outputs) {
    if (!is_finite(out)) return std::nullopt;
    const Largest one{lower(out), upper(out)};
    if (!largest) largest = one;
    largest->lo = std::max(largest->lo, one.lo);
    largest->hi = std::max(largest->hi, one.hi);
  }
  return largest;
}

struct OutputSide {
  TargetSide side = TargetSide::undecided;
  std::string reason;
};
OutputSide side_of_outputs(const AttentionTerms& terms, const std::function<std::vector<Ball>(long)>& outputs) {
  const mpq_class &yes = *terms.yes_at_least, &no = *terms.no_at_most;
  for (long precision = kFirstPrecision;; precision *= 2) {
    const auto largest = largest_of(outputs(precision));
    const bool last = 2 * precision > kLastPrecision;
    if (!largest && last) return {TargetSide::undecided, "an output is not bounded at any precision"};
    if (!largest) continue;
    if (largest->lo >= yes || (last && largest->hi >= yes)) return {TargetSide::yes, ""};
    if (largest->hi <= no || (last && largest->lo <= no)) return {TargetSide::no, ""};
    if (largest->hi < yes && largest->lo > no)
      return {TargetSide::outside_promise, fmt::format("the largest output is {}, between no_at_most = {} and yes_at_least = {}",
                                                       decimal_down(largest->lo, kShownDigits), decimal_down(no, kShownDigits),
                                                       decimal_down(yes, kShownDigits))};
  }
}

/// What the metadata say of attention beyond what the reader takes up.
void take_statements(OutsideTarget& target, const Safetensors& file, const Attention& attention) {
  int bits = std::numeric_limits<double>::digits;
  for (const auto& [name, tensor] : file.tensors)
    if (!name.starts_with("v")) bits = std::min(bits, significand_bits(tensor.dtype));
  if (metadata_at(file, "entry_bound")) target.misstatement = false_entry_bound(attention, bits);
  if (target.misstatement.empty()) target.misstatement = false_embedding(attention);
  target.expected = attention.terms.expected;
  target.rows.rows.push_back(attention.q.rows);
  target.rows.counted.emplace_back();
  for (std::size_t u = 0; u < attention.keys.size(); ++u) {
    target.rows.rows.push_back(attention.keys[u].rows);
    std::vector<bool>& counted = target.rows.counted.emplace_back();
    for (std::size_t j = 0; j < attention.values[u].rows; ++j) counted.push_back(attention.values[u].at(j, 0) == 1);
  }
  if (attention.terms.causal) target.reason = "it is meant under a causal mask (metadata 'causal'), which campaigns do not judge";
}

OutsideTarget judge_attention(const InputFile& input, std::size_t order, const AttentionWitness& rule, const RunControl& control,
                              std::uint64_t most) {
  const Attention attention = read_attention(input);
  check_sets(input.name(), attention.keys.size() + 1, order);
  if (!attention.terms.yes_at_least || !attention.terms.no_at_most)
    throw BadInstance(input.name() +
                      ": metadata 'yes_at_least' and 'no_at_most' say what is a yes and what a no; one is missing");
  OutsideTarget target;
  take_statements(target, input.tensors(), attention);
  if (!target.reason.empty() || is_too_large(target, most)) return target;
  const RecoveredBits recovered = recover_bits(attention);
  std::optional<OutputSide> by_counts, by_balls;
  if (recovered.bits)
    by_counts = side_of_outputs(attention.terms, [&](long precision) {
      return outputs_by_counts(*recovered.bits, 0, attention.q.rows, precision, control);
    });
  if (!recovered.bits || tuples_within(kMostBalls, target.rows.rows))
    by_balls = side_of_outputs(
        attention.terms, [&](long precision) { return outputs_by_balls(attention, 0, attention.q.rows, precision, control); });
  if (by_counts && by_balls) agree(by_counts->side == by_balls->side);
  const OutputSide side = by_counts ? *by_counts : *by_balls;
  conclude(target, side.side, side.reason);
  if (target.side != TargetSide::undecided) target.witnesses = numbers_of(all_witnesses(attention, rule));
  return target;
}

}  // namespace

std::string side_text(TargetSide side) {
  switch (side) {
    case TargetSide::yes:
      return "yes";
    case TargetSide::no:
      return "no";
    case TargetSide::outside_promise:
      return "outside-promise";
    case TargetSide::undecided:
      break;
  }
  return "undecided";
}

OutsideTarget judge_outside_target(const InputFile& input, const std::string& problem, std::size_t order,
                                   const AttentionWitness& rule, const RunControl& control, std::uint64_t most_tuples) {
  const FileKind kind = kind_of(input);
  const std::string_view found = kind == FileKind::cnf ? "no safetensors file" : word_of(kind);  // what is none is read as DIMACS
  if (found != problem) throw BadInstance(fmt::format("{}: is {}, wanted is {}", input.name(), found, problem));
  if (!looks_like_npy(input.bytes()))
    if (const auto said = metadata_at(input.tensors(), "problem"); said && *said != problem)
      throw BadInstance(fmt::format("{}: says problem '{}', wanted is {}", input.name(), said->substr(0, 40), problem));
  const std::uint64_t most = std::min(most_tuples, kMostOutsideTuples);
  return problem == "orthogonal-vectors" ? judge_vectors(input, order, control, most)
         : problem == "gap-max-ip"       ? judge_gap(input, order, control, most)
                                         : judge_attention(input, order, rule, control, most);
}

}  // namespace gapwright
