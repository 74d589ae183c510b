// SPDX-License-Identifier: MIT
// All inner products of a row, exactly. Prefixes over all sets but the last are enumerated; the vectors of the last set are taken
// in pairs of blocks of 512. Three observations keep the number of columns that are added small, for a prefix and a pair of
// blocks:
// - Columns outside the prefix, or zero throughout the pair, vanish.
// - Columns that are one throughout the pair add the same to all: their number is the prefix's offset, and sums are
//   counted by offset.
// - What is left is the prefix's mask. Neighbours in the set before the last often differ little, as in lists of all assignments,
//   where they differ in a few variables. So masks form a binary tree, 16 leaves to a root: a node's columns are those common to
//   all masks below it, the planes of a node's sum start from those of the node above, and only the columns the node adds to it
//   are summed.
// Every column of a leaf is in exactly one node on the way to it, so the sums are exact for arbitrary vectors. A node that would
// add hardly any column is left out, so vectors without structure pay little for a tree that does not help them.
// k = 2 has the row itself as its only prefix, and each tree is one leaf.
//
// Numbers of lanes by subset of planes are collected for each offset over the whole row, and turned into counts at its end. Lanes
// beyond the last vector read as 0 in every column; their number is taken off the count at the offset.
#include "verify/histogram.hpp"

#include <tbb/enumerable_thread_specific.h>

#include <algorithm>
#include <array>
#include <bit>

#include "support/parallel_rows.hpp"
#include "verify/low_counts.hpp"
#include "verify/scoring_kernels.hpp"

namespace gapwright {
namespace {

using kernels::kBlock;
using kernels::kBlockWords;

constexpr std::size_t kLevels = kernels::kSumDepths;  // of the tree of masks: the leaves, and nodes over 2, 4, 8 and 16 of them
constexpr int kWorthKeeping = 3;                      // columns a node must add, or it is left out
constexpr std::size_t kPrefixes = 1024;               // at a time: bounds the memory

std::size_t ones_in(const std::uint64_t* words, std::size_t count) {
  std::size_t ones = 0;
  for (std::size_t w = 0; w < count; ++w) ones += static_cast<std::size_t>(std::popcount(words[w]));
  return ones;
}

/// No product of one vector of each set but the last has more ones: the fewest, over these sets, of the most that a vector has.
std::size_t ones_in_prefix(const ScoringIndex& index) {
  std::size_t fewest = index.columns;
  for (std::size_t u = 0; u + 1 < index.sets.size(); ++u) {
    std::size_t most = 0;
    for (std::size_t j = 0; j < index.sets[u].rows; ++j)
      most = std::max(most, ones_in(index.sets[u].levels[0].all_ones.data() + j * index.words, index.words));
    fewest = std::min(fewest, most);
  }
  return fewest;
}

class RowHistogram {
 public:
  RowHistogram(const ScoringIndex& index, std::size_t most_ones, const RunControl& control)
      : index_(index),
        most_ones_(most_ones),
        control_(control),
        shared_(index.words),
        varying_(index.words),
        zero_column_(kBlockWords) {}

  void count(std::size_t row, std::uint64_t* counts) {
    counts_ = counts;
    const std::uint64_t* x = index_.sets[0].levels[0].all_ones.data() + row * index_.words;
    choose_offsets(std::min(most_ones_, ones_in(x, index_.words)));
    prefix_rows({x, x + index_.words}, 1);
    flush();
  }

 private:
  std::size_t last() const { return index_.sets.size() - 1; }

  /// Decides how many offsets are kept apart in a row with so many ones. Fewer than all is always right: columns beyond that
  /// number stay in the masks. Each offset costs memory (2^planes cache lines) and a conversion, which few masks would not repay.
  void choose_offsets(std::size_t ones) {
    constexpr std::size_t kMostWords = std::size_t{1} << 20, kMasksPerOffset = 32;
    const auto planes = static_cast<std::size_t>(std::bit_width(ones));
    // Only the lower part of each offset's numbers is in use as a rule; the 32 lines keep those parts apart in the cache.
    offset_words_ = ((std::size_t{1} << planes) + 32) * kBlockWords;
    const std::size_t groups = (index_.sets[last()].rows + 2 * kBlock - 1) / (2 * kBlock);
    const std::size_t masks = tuples_per_row(index_) / index_.sets[last()].rows * groups;
    offsets_ = std::clamp(std::min(kMostWords / offset_words_, masks / kMasksPerOffset), std::size_t{1}, ones + 1);
    if (subset_counts_.size() < offsets_ * offset_words_) subset_counts_.resize(offsets_ * offset_words_);
    largest_planes_ = 0;
  }

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
    const std::uint64_t* extensions = u == last() ? prefix.data() : index_.sets[u].levels[0].all_ones.data();
    for (std::size_t first = 0; first < prefixes; first += kPrefixes)
      for (std::size_t group = 0; group * kBlock < set.rows; group += 2) {
        control_.check();
        blocks(prefix, extensions + first * index_.words, std::min(kPrefixes, prefixes - first), group);
      }
  }

  /// The blocks `group` and, where there is one, `group` + 1 of the last set, with the prefixes prefix & y, y among `count`
  /// extensions.
  void blocks(const std::vector<std::uint64_t>& prefix, const std::uint64_t* extensions, std::size_t count, std::size_t group) {
    const ScoringSet& set = index_.sets[last()];
    const std::size_t block_count = std::min<std::size_t>(2, (set.rows + kBlock - 1) / kBlock - group);
    split_columns(prefix, group, block_count);
    list_columns(group, block_count);
    make_masks(extensions, count);
    find_leaves(extensions, count, block_count * kBlock, std::min(block_count * kBlock, set.rows - group * kBlock));
    list_steps(count);
    count_subsets_({columns_.data(), block_count, steps_.data(), bits_.data(), step_count_, mask_words_, largest_planes_});
  }

  /// Which columns of the prefix are one in all vectors of the blocks, and which in some.
  void split_columns(const std::vector<std::uint64_t>& prefix, std::size_t group, std::size_t block_count) {
    const ScoringSet& set = index_.sets[last()];
    const bool is_whole_set = set.levels.size() == 1;
    const std::uint64_t* all_ones = is_whole_set ? set.all_ones.data() : set.levels[1].all_ones.data() + group * index_.words;
    const std::uint64_t* some_one = is_whole_set ? set.some_one.data() : set.levels[1].some_one.data() + group * index_.words;
    const std::size_t second = block_count == 2 ? index_.words : 0;
    std::size_t room = offsets_ - 1;
    for (std::size_t w = 0; w < index_.words; ++w) {
      shared_[w] = prefix[w] & all_ones[w] & all_ones[w + second];
      std::size_t shared = ones_in(&shared_[w], 1);
      for (; shared > room; --shared) shared_[w] &= shared_[w] - 1;
      room -= shared;
      varying_[w] = prefix[w] & (some_one[w] | some_one[w + second]) & ~shared_[w];
    }
  }

  /// Where the varying columns are; masks have one bit for each, in this order.
  void list_columns(std::size_t group, std::size_t block_count) {
    const std::size_t stride = index_.columns * kBlockWords;
    const std::uint64_t* slices = index_.sets[last()].levels[0].slices.data() + group * stride;
    mask_words_ = std::max<std::size_t>(1, (ones_in(varying_.data(), index_.words) + 63) / 64);
    columns_.assign(mask_words_ * kernels::kColumnsPerWord * block_count, zero_column_.data());
    std::size_t place = 0;
    for (std::size_t w = 0; w < index_.words; ++w)
      for (std::uint64_t bits = varying_[w]; bits != 0; bits &= bits - 1, ++place) {
        const std::uint64_t* column = slices + (w * 64 + static_cast<std::size_t>(std::countr_zero(bits))) * kBlockWords;
        for (std::size_t g = 0; g < block_count; ++g)
          columns_[(place / 64 * kernels::kColumnsPerWord + place % 64) * block_count + g] = column + g * stride;
      }
  }

  // In the loops over prefixes, sizes and pointers are copied out of the object first: the compiler cannot know that stores
  // through pointers leave its members alone, and would read them again each time.

  /// The masks, and above each pair of nodes what they have in common.
  void make_masks(const std::uint64_t* extensions, std::size_t count) {
    const std::size_t words = mask_words_;
    masks_[0].assign(count * words, 0);
    gathered_.resize(count);
    const std::uint64_t* gathered = gathered_.data();
    std::size_t place = 0;
    for (std::size_t w = 0; w < index_.words; ++w) {
      const std::size_t width = ones_in(&varying_[w], 1), shift = place % 64;
      if (width == 0) continue;
      gather_(extensions + w, index_.words, count, varying_[w], gathered_.data());
      std::uint64_t* mask = masks_[0].data() + place / 64;
      for (std::size_t j = 0; j < count; ++j) mask[j * words] |= gathered[j] << shift;
      if (shift + width > 64)
        for (std::size_t j = 0; j < count; ++j) mask[j * words + 1] = gathered[j] >> (64 - shift);
      place += width;
    }
    for (std::size_t level = 1, nodes = count; level < kLevels; ++level) {
      const std::size_t below = nodes;
      nodes = (below + 1) / 2;
      masks_[level].resize(nodes * words);
      const std::uint64_t* from = masks_[level - 1].data();
      std::uint64_t* to = masks_[level].data();
      for (std::size_t node = 0; node < nodes; ++node, from += 2 * words)
        for (std::size_t w = 0; w < words; ++w) *to++ = from[w] & (2 * node + 1 < below ? from[words + w] : from[w]);
    }
  }

  /// For each mask where its sums are counted and how many planes they need; counts the lanes.
  void find_leaves(const std::uint64_t* extensions, std::size_t count, std::size_t lanes, std::size_t vectors) {
    leaves_.resize(count);
    kernels::SumStep* leaf = leaves_.data();
    std::uint64_t *subset_counts = subset_counts_.data(), *counts = counts_;
    const std::uint64_t *mask = masks_[0].data(), *shared = shared_.data();
    const std::size_t words = index_.words, mask_words = mask_words_, offset_words = offset_words_;
    std::size_t largest = largest_planes_;
    for (std::size_t j = 0; j < count; ++j, extensions += words, mask += mask_words) {
      std::size_t offset = 0;
      for (std::size_t w = 0; w < words; ++w) offset += static_cast<std::size_t>(std::popcount(extensions[w] & shared[w]));
      const auto planes = static_cast<std::size_t>(std::bit_width(ones_in(mask, mask_words)));
      largest = std::max(largest, planes);
      leaf[j] = {0, static_cast<std::uint32_t>(planes), subset_counts + offset * offset_words};
      *leaf[j].subset_counts += lanes;
      counts[offset] -= lanes - vectors;  // modulo 2^64, until flush() adds them
    }
    largest_planes_ = largest;
  }

  /// Writes the tree as steps, each node before those below it. `Start` is what a node finds: the sum it starts from, and its
  /// columns.
  void list_steps(std::size_t count) {
    struct Start {
      std::uint32_t depth;
      const std::uint64_t* columns;
    };
    const std::size_t words = mask_words_;
    nothing_.assign(words, 0);
    std::array<Start, kLevels> start{};
    const std::size_t most = 2 * count + kLevels;  // a tree has fewer inner nodes than leaves
    if (steps_.size() < most) steps_.resize(most);
    if (bits_.size() < most * words) bits_.resize(most * words);
    kernels::SumStep* step = steps_.data();
    std::uint64_t* bits = bits_.data();
    const kernels::SumStep* leaves = leaves_.data();
    std::array<const std::uint64_t*, kLevels> masks;
    for (std::size_t level = 0; level < kLevels; ++level) masks[level] = masks_[level].data();
    for (std::size_t j = 0; j < count; ++j) {
      const auto first = static_cast<std::size_t>(std::countr_zero(j | std::size_t{1} << (kLevels - 1)));
      if (first + 1 == kLevels) start[first] = {0, nothing_.data()};
      for (std::size_t level = first + 1; level-- > 0;) {  // the nodes whose first leaf is j
        const std::uint64_t* mask = masks[level] + (j >> level) * words;
        const Start here = start[level];
        int ones = 0;
        for (std::size_t w = 0; w < words; ++w) {
          bits[w] = mask[w] & ~here.columns[w];
          ones += std::popcount(bits[w]);
        }
        if (level == 0) {
          *step = leaves[j];
          step++->depth = here.depth;
          bits += words;
        } else if (ones >= kWorthKeeping) {
          *step++ = {here.depth, 0, nullptr};
          bits += words;
          start[level - 1] = {here.depth + 1, mask};
        } else {
          start[level - 1] = here;
        }
      }
    }
    step_count_ = static_cast<std::size_t>(step - steps_.data());
  }

  /// Turns what the row has collected into counts, and clears it.
  void flush() {
    values_.resize(std::size_t{1} << largest_planes_);
    for (std::size_t offset = 0; offset < offsets_; ++offset) {
      std::uint64_t* numbers = subset_counts_.data() + offset * offset_words_;
      if (*numbers == 0) continue;  // no mask had this offset
      kernels::counts_from_subsets(numbers, largest_planes_, values_.data());
      for (std::size_t v = 0; v < values_.size() && offset + v <= index_.columns; ++v) counts_[offset + v] += values_[v];
      std::fill_n(numbers, kBlockWords << largest_planes_, std::uint64_t{0});
    }
  }

  const ScoringIndex& index_;
  const std::size_t most_ones_;  // of any prefix
  const RunControl& control_;
  std::uint64_t* counts_ = nullptr;

  std::size_t offsets_ = 0, offset_words_ = 0;  // offsets kept apart in the row, and the words of each one's subset counts
  std::size_t largest_planes_ = 0;              // of any mask of the row so far
  AlignedWords subset_counts_;                  // [offset][subset of planes][8]; all zero between rows
  std::vector<std::uint64_t> values_;

  std::vector<std::uint64_t> shared_,
      varying_;  // prefix coordinates that are one in all, or in some but not all, vectors of the blocks
  std::size_t mask_words_ = 0;
  AlignedWords zero_column_;
  std::vector<const std::uint64_t*> columns_;
  std::vector<std::uint64_t> gathered_;
  std::array<std::vector<std::uint64_t>, kLevels>
      masks_;  // [level][node][mask_words_]: what all masks below the node have in common
  std::vector<kernels::SumStep> leaves_, steps_;
  std::size_t step_count_ = 0;
  std::vector<std::uint64_t> bits_, nothing_;

  kernels::GatherBits gather_ = kernels::gather_bits();
  kernels::SubsetCounts count_subsets_ = kernels::subset_counts();
};

}  // namespace

std::vector<std::uint64_t> inner_product_histograms(const ScoringIndex& index, std::size_t first_row, std::size_t last_row,
                                                    const RunControl& control) {
  tuples_per_row(index);
  const std::size_t most_ones = ones_in_prefix(index);
  if (most_ones > kernels::kMostSummed)
    throw LimitReached("histograms are counted of vectors with up to 65535 ones, here are some with " +
                       std::to_string(most_ones) + "; use the verdict method, or vectors of fewer coordinates");
  const std::size_t width = index.columns + 1;
  std::vector<std::uint64_t> counts((last_row - first_row) * width);
  tbb::enumerable_thread_specific<RowHistogram> histograms([&] { return RowHistogram(index, most_ones, control); });
  for_row_pieces(first_row, last_row, 1, control, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) histograms.local().count(row, counts.data() + (row - first_row) * width);
  });
  return counts;
}

}  // namespace gapwright
