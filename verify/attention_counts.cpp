// SPDX-License-Identifier: MIT
// Attention over entries 0 and B decided on integers (docs/reductions.md, section 3).
//
// The score of a tuple is sign gamma <bits>, gamma = B^k softmax_scale exactly, so with M the sum of e^(sign gamma s) over tuples whose
// values are all 1 and O the sum over the others, out_i[0] = M / (M + O): both are determined by integer histograms of inner products.
// Tuples are grouped by the values of their keys (2^(k-1) groups); nothing is assumed about which embedding wrote the file.
//
// Method verdict (sign -1) counts only the tuples of inner product 0; each of the remaining R tuples of a group weighs between
// e^(-gamma d') and e^(-gamma), so M and O lie in intervals, and out_i in [M_lo/(M_lo + O_hi), M_hi/(M_hi + O_lo)]. For the direct
// embedding it is narrower than delta in a NO row and at most 2^(k-1) delta / 4 wide in a YES row: at delta = 1/16 that decides for k <= 4.
// A row that it does not decide gets its full histogram.
//
// Outputs are compared with the rational halfway between the thresholds: the thresholds themselves can be attained, and no ball would
// ever decide on them.
#include "verify/attention_counts.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <stdexcept>

#include "instances/orthogonal_vectors.hpp"
#include "support/errors.hpp"
#include "verify/histogram.hpp"
#include "verify/low_counts.hpp"
#include "verify/row_outputs.hpp"

namespace gapwright {
namespace {

constexpr const char* kLeftOpen = "rows that counting below the cut left open were counted completely";

/// One group of tuples: the queries, then for each key matrix the keys of one value.
struct TupleGroup {
  bool main = false;
  std::vector<std::vector<std::size_t>> rows;  // per key matrix: row of the file for each row of the group
  ScoringIndex index;
};

BitMatrix chosen_rows(const BitMatrix& m, const std::vector<std::size_t>& rows) {
  BitMatrix chosen(rows.size(), m.columns);
  for (std::size_t r = 0; r < rows.size(); ++r) std::copy_n(m.row(rows[r]).begin(), m.words_per_row, chosen.row(r).begin());
  return chosen;
}

std::vector<TupleGroup> make_groups(const BitAttention& a) {
  std::vector<TupleGroup> groups;
  const std::size_t matrices = a.keys.size();
  std::vector<std::vector<std::size_t>> rows_with[2];  // [value][matrix]
  std::vector<BitMatrix> bits_with[2];
  for (std::size_t value = 0; value < 2; ++value)
    for (std::size_t u = 0; u < matrices; ++u) {
      std::vector<std::size_t> rows;
      for (std::size_t j = 0; j < a.values[u].size(); ++j)
        if (a.values[u][j] == value) rows.push_back(j);
      bits_with[value].push_back(chosen_rows(a.keys[u], rows));
      rows_with[value].push_back(std::move(rows));
    }
  for (std::size_t pattern = 0; pattern < std::size_t{1} << matrices; ++pattern) {
    TupleGroup group;
    std::vector<const BitMatrix*> sets{&a.queries};
    bool empty = false;
    for (std::size_t u = 0; u < matrices; ++u) {
      const std::size_t value = (pattern >> u) & 1 ? 0 : 1;
      group.rows.push_back(rows_with[value][u]);
      sets.push_back(&bits_with[value][u]);
      empty |= group.rows.back().empty();
    }
    if (empty) continue;
    group.main = pattern == 0;
    group.index = make_scoring_index(sets);
    groups.push_back(std::move(group));
  }
  return groups;
}

class Decider {
 public:
  Decider(const BitAttention& a, const RunControl& control) : a_(a), control_(control), groups_(make_groups(a)) {}

  /// Counts of the rows first..last-1; cut = d' + 1 counts everything.
  std::vector<RowCounts> count(std::size_t first, std::size_t last, CountMethod method, const RunControl& control) const {
    const std::size_t width = method == CountMethod::verdict ? 1 : a_.queries.columns + 1;
    std::vector<RowCounts> rows(last - first);
    for (RowCounts& row : rows) {
      row.main.assign(width, 0);
      row.other.assign(width, 0);
    }
    for (const TupleGroup& group : groups_) {
      const auto counts = method == CountMethod::verdict
                              ? count_below(group.index, 1, first, last, group.main ? control : quiet(control))
                              : inner_product_histograms(group.index, first, last, group.main ? control : quiet(control));
      const std::uint64_t tuples = tuples_per_row(group.index);
      for (std::size_t i = 0; i < rows.size(); ++i) {
        auto& bins = group.main ? rows[i].main : rows[i].other;
        std::uint64_t& rest = group.main ? rows[i].main_rest : rows[i].other_rest;
        rest += tuples;
        for (std::size_t s = 0; s < width; ++s) {
          bins[s] += counts[i * width + s];
          rest -= counts[i * width + s];
        }
      }
    }
    return rows;
  }

  /// The tuple that speaks for a YES row: of largest weight among those with all values 1, lexicographically first.
  std::vector<std::size_t> witness(std::size_t row, const RowCounts& counts) const {
    const TupleGroup& main = groups_.front();
    auto counted = heaviest(counts.main);
    if (!counted)
      counted = heaviest(count(row, row + 1, CountMethod::histogram, quiet(control_)).front().main);  // the rest decided
    const std::size_t best = counted.value_or(0);
    const auto tuple = a_.sign < 0 ? first_tuple_below(main.index, best + 1, row, control_) : scan_for(row, best);
    if (!tuple) throw std::logic_error("no tuple has the inner product that was counted");
    std::vector<std::size_t> result{row};
    for (std::size_t u = 0; u < tuple->size(); ++u) result.push_back(main.rows[u][(*tuple)[u]]);
    return result;
  }

  /// Counts below the cut as kept in a recording: the bins filled up, and what is not counted.
  RowCounts with_rests(RowCounts row, std::size_t cut) const {
    row.main.resize(cut);
    row.other.resize(cut);
    for (const TupleGroup& group : groups_) (group.main ? row.main_rest : row.other_rest) += tuples_per_row(group.index);
    for (const std::uint64_t n : row.main) row.main_rest -= n;
    for (const std::uint64_t n : row.other) row.other_rest -= n;
    return row;
  }

  /// The inner product of largest weight among those counted.
  std::optional<std::size_t> heaviest(const std::vector<std::uint64_t>& bins) const {
    const auto counted = [](std::uint64_t count) { return count != 0; };
    if (a_.sign < 0) {
      const auto first = std::find_if(bins.begin(), bins.end(), counted);
      return first == bins.end() ? std::nullopt : std::optional<std::size_t>(first - bins.begin());
    }
    const auto last = std::find_if(bins.rbegin(), bins.rend(), counted);
    return last == bins.rend() ? std::nullopt : std::optional<std::size_t>(bins.rend() - last - 1);
  }

  bool has_main_tuples() const { return !groups_.empty() && groups_.front().main; }

 private:
  static RunControl quiet(RunControl control) {
    control.progress = nullptr;
    return control;
  }

  /// First tuple of the main group with this inner product, by looking at all of them in order.
  std::optional<std::vector<std::size_t>> scan_for(std::size_t row, std::size_t product) const {
    const TupleGroup& main = groups_.front();
    std::vector<const BitMatrix*> sets{&a_.queries};
    for (const BitMatrix& keys : a_.keys) sets.push_back(&keys);
    std::vector<std::size_t> tuple(main.rows.size(), 0), full(main.rows.size() + 1, row);
    for (;;) {
      control_.check();
      for (std::size_t u = 0; u < tuple.size(); ++u) full[u + 1] = main.rows[u][tuple[u]];
      if (inner_product(sets, full) == product) return tuple;
      std::size_t u = tuple.size();
      while (u > 0 && ++tuple[u - 1] == main.rows[u - 1].size()) tuple[--u] = 0;
      if (u == 0) return std::nullopt;
    }
  }

  const BitAttention& a_;
  const RunControl& control_;
  std::vector<TupleGroup> groups_;
};

/// Without the zeros at the end, of which vectors of many coordinates have many.
std::vector<std::uint64_t> up_to_last(const std::vector<std::uint64_t>& counts) {
  std::size_t end = counts.size();
  while (end > 0 && counts[end - 1] == 0) --end;
  return {counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// How many rows to count at a time: as many as take a few seconds, so that what is recorded is never old.
std::size_t next_piece(std::size_t piece, double seconds) {
  constexpr std::size_t kSmallest = 2, kLargest = 1 << 16;
  if (seconds < 0.5) return std::min(2 * piece, kLargest);
  return seconds > 5 ? std::max(piece / 2, kSmallest) : piece;
}

}  // namespace

TupleTotals tuple_totals(const BitAttention& a) {
  TupleTotals totals{1, 1};
  for (const auto& values : a.values) {
    totals.all *= values.size();
    totals.main *= std::count(values.begin(), values.end(), std::uint8_t{1});
  }
  return totals;
}

RowCounts count_row(const BitAttention& a, std::size_t row, std::size_t cut, const RunControl& control) {
  return Decider(a, control).count(row, row + 1, cut == 1 ? CountMethod::verdict : CountMethod::histogram, control).front();
}

namespace {

/// Decides row after row, in pieces.
class CountedDecision {
 public:
  CountedDecision(const BitAttention& a, CountMethod method, const RunControl& control, const Precision& precision,
                  Recording* recording)
      : a_(a),
        control_(control),
        precision_(precision),
        recording_(recording),
        decider_(a, control),
        outputs_(score_weight(a), a.sign, a.queries.columns),
        everything_(a.queries.columns + 1) {
    const bool recorded_everything = recording && recording->counts.rows() > 0 && recording->counts.cut == everything_;
    bounded_rest_ = method == CountMethod::verdict && a.sign < 0 && !recorded_everything;
    verdict_ = begin_verdict(a.terms, bounded_rest_ ? "verdict" : "histogram");
  }

  Verdict decided() {
    if (recording_) take_up();
    const std::size_t rows = a_.queries.rows;
    RunControl part = control_;
    std::size_t begin = 0, end = 0;
    if (control_.progress)
      part.progress = [&](double fraction) {
        control_.progress((static_cast<double>(begin) + fraction * static_cast<double>(end - begin)) / static_cast<double>(rows));
      };
    const std::size_t most_rows = bounded_rest_ ? SIZE_MAX : std::max<std::size_t>(kCounts / everything_, 1);
    std::size_t piece = std::min(most_rows, std::size_t{!recording_ ? (bounded_rest_ ? 4096U : 64U) : bounded_rest_ ? 64U : 8U});
    for (begin = recording_ ? recording_->counts.rows() : 0; begin < rows; begin = end) {
      end = std::min(rows, begin + piece);
      const auto started = std::chrono::steady_clock::now();
      auto counts = decider_.count(begin, end, bounded_rest_ ? CountMethod::verdict : CountMethod::histogram, part);
      if (recording_)
        piece = std::min(most_rows,
                         next_piece(piece, std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count()));
      for (std::size_t i = 0; i < counts.size(); ++i)
        if (ends_with(begin + i, counts[i])) return verdict_;
      if (recording_) recording_->kept();
    }
    finish(verdict_, precision_);
    if (verdict_.answer == Answer::yes)
      name_keys(
          decider_.count(verdict_.row, verdict_.row + 1, CountMethod::histogram, RunControl{control_.threads, control_.stop, {}})
              .front());
    return verdict_;
  }

 private:
  static constexpr std::size_t kCounts = std::size_t{1} << 22;  // at a time

  RowVerdict classified(const RowCounts& counts) {
    if (counts.main.size() + counts.other.size() > kCounts) return outputs_.classify(counts, verdict_.between, precision_);
    const RowCounts key{up_to_last(counts.main), up_to_last(counts.other), counts.main_rest, counts.other_rest};
    if (const auto found = known_.find(key); found != known_.end()) return found->second;
    RowVerdict row = outputs_.classify(counts, verdict_.between, precision_);
    known_counts_ += key.main.size() + key.other.size();
    if (known_counts_ <= kCounts) known_.emplace(key, row);
    return row;
  }

  void name_keys(const RowCounts& counts) {
    if (decider_.has_main_tuples()) verdict_.witness = decider_.witness(verdict_.row, counts);
  }

  /// Whether a tuple of values 1 weighs as much as any other, which in an embedding is one that stands for the threshold.
  bool leading(const RowCounts& counts) const {
    const auto main = decider_.heaviest(counts.main), other = decider_.heaviest(counts.other);
    return main && (!other || (a_.sign < 0 ? *main <= *other : *main >= *other));
  }

  /// The rows of the recording. None has ended the work.
  void take_up() {
    if (recording_->counts.rows() == 0) recording_->counts.cut = bounded_rest_ ? 1 : everything_;
    std::size_t row = 0;
    for (const auto& [index, length] : recording_->counts.runs()) {
      const RowVerdict resumed = classified(decider_.with_rests(recording_->counts.distinct()[index], recording_->counts.cut));
      for (std::size_t i = 0; i < length; ++i) absorb(verdict_, row++, resumed, [] { return false; });
    }
  }

  /// Counts below the cut do not tell the side of the middle, or of yes_at_least.
  bool left_open(const RowVerdict& row) const {
    if (row.answer != Answer::yes || verdict_.embedding.empty()) return row.answer == Answer::undecided;
    return row.lo < verdict_.yes_at_least && row.hi >= verdict_.yes_at_least;
  }

  /// Whether this row ends the work.
  bool ends_with(std::size_t index, RowCounts& counts) {
    RowVerdict row = classified(counts);
    if (bounded_rest_ && left_open(row)) {
      if (recording_) {
        recording_->counts = CountLog();
        verdict_ = decide_by_counts(a_, CountMethod::histogram, control_, precision_, recording_);
        verdict_.reason = kLeftOpen;
        return true;
      }
      counts = decider_.count(index, index + 1, CountMethod::histogram, RunControl{control_.threads, control_.stop, {}}).front();
      row = outputs_.classify(counts, verdict_.between, precision_);
      verdict_.reason = kLeftOpen;
    }
    if (absorb(verdict_, index, row, [&] { return leading(counts); })) {
      name_keys(counts);
      return true;
    }
    if (recording_) recording_->counts.append(counts);
    return false;
  }

  const BitAttention& a_;
  const RunControl& control_;
  const Precision& precision_;
  Recording* recording_;
  Decider decider_;
  RowOutputs outputs_;
  std::size_t everything_;
  bool bounded_rest_ = false;
  Verdict verdict_;
  std::map<RowCounts, RowVerdict> known_;  ///< rows with equal counts have equal outputs
  std::size_t known_counts_ = 0;           ///< of all keys that were met
};

}  // namespace

Verdict decide_by_counts(const BitAttention& a, CountMethod method, const RunControl& control, const Precision& precision,
                         Recording* recording) {
  return CountedDecision(a, method, control, precision, recording).decided();
}

std::vector<RowCounts> all_counts(const BitAttention& a, std::size_t first_row, std::size_t last_row, const RunControl& control) {
  return Decider(a, control).count(first_row, last_row, CountMethod::histogram, control);
}

std::vector<Ball> outputs_by_counts(const BitAttention& a, std::size_t first_row, std::size_t last_row, long precision,
                                    const RunControl& control) {
  const Decider decider(a, control);
  const RowOutputs outputs(score_weight(a), a.sign, a.queries.columns);
  std::vector<Ball> balls;
  for (const RowCounts& counts : decider.count(first_row, last_row, CountMethod::histogram, control))
    balls.push_back(outputs.output(counts, precision).lo);
  return balls;
}

}  // namespace gapwright
