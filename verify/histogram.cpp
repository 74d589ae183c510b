// All inner products of a row, exactly. Prefixes over all sets but the last are enumerated; for each block of 512 vectors of the last set
// the columns that are constant within the block are taken out of the mask (ones add to an offset, zeros vanish), prefixes are sorted by
// offset, and each offset's masks go through one call of the block histogram. k = 2 has the row itself as its only prefix.
// Lanes beyond the last vector read as 0 in every column; their number is taken off the count at the offset.
#include <algorithm>
#include <bit>
#include <numeric>

#include "verify/parallel_rows.hpp"
#include "verify/scoring.hpp"
#include "verify/scoring_kernels.hpp"

namespace gapwright {
namespace {

using kernels::kBlock;
using kernels::kBlockWords;

class RowHistogram {
 public:
  RowHistogram(const ScoringIndex& index, const RunControl& control)
      : index_(index),
        control_(control),
        scratch_(kernels::histogram_scratch_words(index.columns)),
        values_(kernels::histogram_values(index.columns)) {}

  void count(std::size_t row, std::uint64_t* counts) {
    counts_ = counts;
    const std::uint64_t* x = index_.sets[0].levels[0].all_ones.data() + row * index_.words;
    prefix_rows({x, x + index_.words}, 1);
  }

 private:
  std::size_t last() const { return index_.sets.size() - 1; }

  /// Extends the prefix over sets u, ..., last - 2; the set before the last is treated as one batch of prefixes.
  void prefix_rows(const std::vector<std::uint64_t>& prefix, std::size_t u) {
    if (u + 1 >= last()) return batch(prefix, u);
    for (std::size_t j = 0; j < index_.sets[u].rows; ++j) {
      auto longer = prefix;
      const std::uint64_t* vector = index_.sets[u].levels[0].all_ones.data() + j * index_.words;
      for (std::size_t w = 0; w < index_.words; ++w) longer[w] &= vector[w];
      prefix_rows(longer, u + 1);
    }
  }

  /// All prefixes prefix & y with y in set u (u = last - 1), or the prefix alone when u = last (k = 2), against the last set.
  void batch(const std::vector<std::uint64_t>& prefix, std::size_t u) {
    const ScoringSet& set = index_.sets[last()];
    const std::size_t prefixes = u == last() ? 1 : index_.sets[u].rows;
    constexpr std::size_t kPrefixes = 4096;  // at a time: bounds the memory
    for (std::size_t first = 0; first < prefixes; first += kPrefixes) {
      const std::size_t count = std::min(kPrefixes, prefixes - first);
      for (std::size_t group = 0; group * kBlock < set.rows; ++group) {
        control_.check();
        block(prefix, u, first, count, group);
      }
    }
  }

  void block(const std::vector<std::uint64_t>& prefix, std::size_t u, std::size_t first, std::size_t count, std::size_t group) {
    const ScoringSet& set = index_.sets[last()];
    const bool is_whole_set = set.levels.size() == 1;
    const std::uint64_t* all_ones = is_whole_set ? set.all_ones.data() : set.levels[1].all_ones.data() + group * index_.words;
    const std::uint64_t* some_one = is_whole_set ? set.some_one.data() : set.levels[1].some_one.data() + group * index_.words;
    const std::size_t words = index_.words;
    masks_.resize(count * words);
    offsets_.resize(count);
    for (std::size_t j = 0; j < count; ++j) {
      const std::uint64_t* y = u == last() ? nullptr : index_.sets[u].levels[0].all_ones.data() + (first + j) * words;
      std::size_t offset = 0;
      for (std::size_t w = 0; w < words; ++w) {
        const std::uint64_t a = y ? prefix[w] & y[w] : prefix[w];
        offset += static_cast<std::size_t>(std::popcount(a & all_ones[w]));
        masks_[j * words + w] = a & some_one[w] & ~all_ones[w];
      }
      offsets_[j] = offset;
    }
    const std::size_t padding = kBlock - std::min(kBlock, set.rows - group * kBlock);
    add_sorted_by_offset(set.levels[0].slices.data() + group * index_.columns * kBlockWords, padding);
  }

  void add_sorted_by_offset(const std::uint64_t* slices, std::size_t padding) {
    const std::size_t words = index_.words;
    order_.resize(offsets_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return offsets_[a] < offsets_[b]; });
    sorted_.resize(masks_.size());
    for (std::size_t j = 0; j < order_.size(); ++j)
      std::copy_n(masks_.begin() + static_cast<std::ptrdiff_t>(order_[j] * words), words,
                  sorted_.begin() + static_cast<std::ptrdiff_t>(j * words));
    for (std::size_t begin = 0; begin < order_.size();) {
      const std::size_t offset = offsets_[order_[begin]];
      std::size_t end = begin;
      while (end < order_.size() && offsets_[order_[end]] == offset) ++end;
      std::fill(values_.begin(), values_.end(), 0);
      histogram_(slices, sorted_.data() + begin * words, end - begin, words, values_.data(), scratch_.data());
      values_[0] -= padding * (end - begin);
      for (std::size_t v = 0; v < values_.size() && offset + v <= index_.columns; ++v) counts_[offset + v] += values_[v];
      begin = end;
    }
  }

  const ScoringIndex& index_;
  const RunControl& control_;
  AlignedWords scratch_;
  std::vector<std::uint64_t> values_;
  std::vector<std::uint64_t> masks_, sorted_;
  std::vector<std::size_t> offsets_, order_;
  std::uint64_t* counts_ = nullptr;
  kernels::BlockHistogram histogram_ = kernels::block_histogram();
};

}  // namespace

std::vector<std::uint64_t> inner_product_histograms(const ScoringIndex& index, std::size_t first_row, std::size_t last_row,
                                                    const RunControl& control) {
  tuples_per_row(index);
  const std::size_t width = index.columns + 1;
  std::vector<std::uint64_t> counts((last_row - first_row) * width);
  for_row_pieces(first_row, last_row, 1, control, [&](std::size_t begin, std::size_t end) {
    RowHistogram histogram(index, control);
    for (std::size_t row = begin; row < end; ++row) histogram.count(row, counts.data() + (row - first_row) * width);
  });
  return counts;
}

}  // namespace gapwright
