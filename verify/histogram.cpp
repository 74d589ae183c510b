// All inner products of a row, exactly. Prefixes over all sets but the last are enumerated; for each pair of blocks of 512 vectors of the last
// set the columns that are constant within the pair are taken out of the mask (ones add to an offset, zeros vanish), prefixes are sorted by
// offset, and each offset's masks go through one call of the block histogram. k = 2 has the row itself as its only prefix.
// Lanes beyond the last vector read as 0 in every column; their number is taken off the count at the offset.
#include <algorithm>
#include <bit>
#include <numeric>

#include "instances/parallel_rows.hpp"
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
      for (std::size_t group = 0; group * kBlock < set.rows; group += 2) {
        control_.check();
        blocks(prefix, u, first, count, group);
      }
    }
  }

  /// The blocks `group` and, where there is one, `group` + 1 of the last set.
  void blocks(const std::vector<std::uint64_t>& prefix, std::size_t u, std::size_t first, std::size_t count, std::size_t group) {
    const ScoringSet& set = index_.sets[last()];
    const std::size_t groups = (set.rows + kBlock - 1) / kBlock;
    const std::size_t block_count = std::min<std::size_t>(2, groups - group);
    const bool is_whole_set = set.levels.size() == 1;
    const std::uint64_t* all_ones = is_whole_set ? set.all_ones.data() : set.levels[1].all_ones.data() + group * index_.words;
    const std::uint64_t* some_one = is_whole_set ? set.some_one.data() : set.levels[1].some_one.data() + group * index_.words;
    const std::size_t second = block_count == 2 ? index_.words : 0;
    const std::size_t words = index_.words;
    shared_.resize(words);
    varying_.resize(words);
    for (std::size_t w = 0; w < words; ++w) {
      shared_[w] = prefix[w] & all_ones[w] & all_ones[w + second];
      varying_[w] = prefix[w] & (some_one[w] | some_one[w + second]) & ~shared_[w];
    }
    masks_.resize(count * words);
    sizes_.resize(count);
    offsets_.resize(count);
    order_.resize(count);
    std::iota(order_.begin(), order_.end(), 0U);
    const std::uint64_t* y = u == last() ? prefix.data() : index_.sets[u].levels[0].all_ones.data() + first * words;
    const std::uint64_t *shared = shared_.data(), *varying = varying_.data();
    std::uint64_t* mask = masks_.data();
    for (std::size_t j = 0; j < count; ++j, y += words, mask += words) {
      int offset = 0, size = 0;
      for (std::size_t w = 0; w < words; ++w) {
        offset += std::popcount(y[w] & shared[w]);
        mask[w] = y[w] & varying[w];
        size += std::popcount(mask[w]);
      }
      offsets_[j] = static_cast<std::uint32_t>(offset);
      sizes_[j] = static_cast<std::uint32_t>(size);
    }
    const std::size_t padding = block_count * kBlock - std::min(block_count * kBlock, set.rows - group * kBlock);
    const std::size_t stride = index_.columns * kBlockWords;
    add_sorted_by_offset({set.levels[0].slices.data() + group * stride, stride, block_count, nullptr, 0, words, 0}, padding);
  }

  void add_sorted_by_offset(kernels::HistogramTask task, std::size_t padding) {
    const std::size_t words = index_.words;
    counting_sort(sizes_);    // masks of one size follow each other: the kernel's branches become predictable
    counting_sort(offsets_);  // stable; starts_[o] is where the masks of offset o begin
    sorted_.resize(masks_.size());
    for (std::size_t place = 0; place < order_.size(); ++place)
      for (std::size_t w = 0; w < words; ++w) sorted_[place * words + w] = masks_[order_[place] * words + w];
    for (std::size_t offset = 0; offset <= index_.columns; ++offset) {
      const std::size_t begin = starts_[offset], count = starts_[offset + 1] - begin;
      if (count == 0) continue;
      std::fill(values_.begin(), values_.end(), 0);
      task.masks = sorted_.data() + begin * words;
      task.mask_count = count;
      task.largest_mask = sizes_[order_[begin + count - 1]];
      histogram_(task, values_.data(), scratch_.data());
      values_[0] -= padding * count;
      for (std::size_t v = 0; v < values_.size() && offset + v <= index_.columns; ++v) counts_[offset + v] += values_[v];
    }
  }

  /// Sorts order_ by key, stably, and leaves the first place of each key in starts_.
  void counting_sort(const std::vector<std::uint32_t>& key) {
    starts_.assign(index_.columns + 2, 0);
    for (const std::size_t k : key) ++starts_[k + 1];
    std::partial_sum(starts_.begin(), starts_.end(), starts_.begin());
    next_ = starts_;
    moved_.resize(order_.size());
    for (const std::uint32_t item : order_) moved_[next_[key[item]]++] = item;
    order_.swap(moved_);
  }

  const ScoringIndex& index_;
  const RunControl& control_;
  AlignedWords scratch_;
  std::vector<std::uint64_t> values_;
  std::vector<std::uint64_t> shared_, varying_;  // prefix coordinates that are one in all, or in some, vectors of the block
  std::vector<std::uint64_t> masks_, sorted_;
  std::vector<std::uint32_t> sizes_, offsets_;  // of each mask: its ones, and the ones that every vector of the block shares
  std::vector<std::uint32_t> order_, moved_, starts_, next_;
  std::uint64_t* counts_ = nullptr;
  kernels::BlockHistogram histogram_ = kernels::block_histogram();
};

}  // namespace

std::vector<std::uint64_t> inner_product_histograms(const ScoringIndex& index, std::size_t first_row, std::size_t last_row,
                                                    const RunControl& control) {
  tuples_per_row(index);
  if (index.columns > kernels::kMaxHistogramColumns)
    throw LimitReached("histograms are counted up to dimension 65535; use the verdict method, or vectors of fewer coordinates");
  const std::size_t width = index.columns + 1;
  std::vector<std::uint64_t> counts((last_row - first_row) * width);
  for_row_pieces(first_row, last_row, 1, control, [&](std::size_t begin, std::size_t end) {
    RowHistogram histogram(index, control);
    for (std::size_t row = begin; row < end; ++row) histogram.count(row, counts.data() + (row - first_row) * width);
  });
  return counts;
}

}  // namespace gapwright
