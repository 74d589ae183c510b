// SPDX-License-Identifier: MIT
// Yes iff some inner product is at least t; no iff all are at most s_no; outside the promise otherwise. Integer forms take the complete
// histogram of every row; real vectors are decided in real_gap.cpp.
#include "verify/gap_max_ip.hpp"

#include <algorithm>
#include <span>

#include "verify/factored_attention.hpp"
#include "verify/histogram.hpp"

namespace gapwright {
namespace {

/// Steps to the next tuple of keys in lexicographic order; false after the last.
bool next_tuple(std::vector<std::size_t>& tuple, const std::vector<std::size_t>& sizes) {
  for (std::size_t u = tuple.size(); u-- > 1;) {
    if (++tuple[u] < sizes[u]) return true;
    tuple[u] = 0;
  }
  return false;
}

template <class Instance>
std::vector<std::size_t> first_accepted(const Instance& instance, std::size_t row, const std::vector<std::size_t>& sizes) {
  std::vector<std::size_t> tuple(sizes.size());
  tuple[0] = row;
  while (!accepts(instance, tuple))
    if (!next_tuple(tuple, sizes)) throw std::logic_error("the histogram promised a tuple at the threshold");
  return tuple;
}

/// From the histograms of all rows, `width` counts each.
template <class Instance, class Histograms>
GapVerdict decide_by_histograms(const Instance& instance, const std::vector<std::size_t>& sizes, std::size_t width,
                                const Histograms& histograms, const RunControl& control, Recording* recording) {
  constexpr std::size_t kCounts = std::size_t{1} << 22, kRecordedRows = 16;  // at a time
  const std::size_t piece = std::clamp<std::size_t>(kCounts / width, 1, recording ? kRecordedRows : SIZE_MAX);
  GapVerdict verdict;
  std::int64_t largest = -1;
  const auto take = [&](std::size_t row, std::span<const std::uint64_t> counts) {
    std::size_t s = counts.size();
    while (s > 0 && counts[s - 1] == 0) --s;
    if (static_cast<std::int64_t>(s) - 1 > largest) {
      largest = static_cast<std::int64_t>(s) - 1;
      verdict.row = row;
    }
  };
  std::size_t begin = 0;
  if (recording) {
    recording->counts.cut = width;
    for (const auto& [index, length] : recording->counts.runs()) {
      take(begin, recording->counts.distinct()[index].main);
      begin += length;
    }
  }
  while (begin < sizes[0] && largest < instance.gap.yes_at_least) {
    const std::size_t end = std::min(sizes[0], begin + piece);
    const std::vector<std::uint64_t> counts = histograms(begin, end, RunControl{control.threads, control.stop, {}});
    for (std::size_t row = begin; row < end; ++row) {
      const std::span<const std::uint64_t> own(counts.data() + (row - begin) * width, width);
      take(row, own);
      if (largest >= instance.gap.yes_at_least) break;
      if (recording) recording->counts.append(RowCounts{{own.begin(), own.end()}, {}, 0, 0});
    }
    if (control.progress) control.progress(static_cast<double>(end) / static_cast<double>(sizes[0]));
    if (recording) recording->kept();
    begin = end;
  }
  verdict.side = side_of(instance.gap, largest);
  verdict.largest = static_cast<double>(largest);
  if (verdict.side == GapSide::yes) verdict.witness = first_accepted(instance, verdict.row, sizes);
  return verdict;
}

bool has_empty(const std::vector<std::size_t>& sizes) {
  return std::find(sizes.begin(), sizes.end(), std::size_t{0}) != sizes.end();
}

}  // namespace

GapVerdict decide_gap(const GapMaxIp& instance, const RunControl& control, Recording* recording) {
  std::vector<std::size_t> sizes;
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : instance.sets) {
    sizes.push_back(set.rows);
    sets.push_back(&set);
  }
  if (has_empty(sizes)) return {};
  const ScoringIndex index = make_scoring_index(sets);
  return decide_by_histograms(
      instance, sizes, instance.dimension + 1,
      [&](std::size_t begin, std::size_t end, const RunControl& c) { return inner_product_histograms(index, begin, end, c); },
      control, recording);
}

GapVerdict decide_gap(const FactoredGapMaxIp& instance, const RunControl& control, Recording* recording) {
  std::vector<std::size_t> sizes;
  for (const SymbolRows& set : *instance.sets) sizes.push_back(set.rows);
  if (has_empty(sizes)) return {};
  return decide_by_histograms(
      instance, sizes, instance.coins + 1,
      [&](std::size_t begin, std::size_t end, const RunControl& c) { return accepting_histograms(instance, begin, end, c); },
      control, recording);
}

}  // namespace gapwright
