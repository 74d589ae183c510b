// SPDX-License-Identifier: MIT
// Counting the tuples whose inner product lies below a cut, exactly, without looking at the others one by one.
//
// For a prefix (i, j_1, ..., j_{u-1}) let a be the coordinates in which all chosen vectors are 1. A node of the tree of set u (a block of
// vectors) with coordinates A in which all its vectors are 1 can hold a vector with inner product below the cut only if
//     |a & A & Z| < cut,   Z = coordinates in which every vector of the later sets is 1,
// because each tuple below the node has a 1 there. So blocks of blocks are sieved before blocks, blocks before vectors, and a whole prefix
// before the last set is touched; each sieve treats 512 nodes at once, one AND-NOT per coordinate of a, deadliest coordinates first.
// In the other direction, when no coordinate of a varies within a node, all its vectors give the same product with any later choice: one
// of them is followed, with the number of vectors as its weight. (A formula without clauses is counted in one step per row.)
// At the last set, level 0, the vectors still alive are counted. Every tuple is counted exactly once or excluded by the inequality, so
// the counts are exact for arbitrary vectors; only the speed profits from their order.
#include "verify/low_counts.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "support/parallel_rows.hpp"
#include "verify/scoring_kernels.hpp"

namespace gapwright {
namespace {

using kernels::kBlock;
using kernels::kBlockWords;

class Search {
 public:
  Search(const ScoringIndex& index, std::size_t cut, const RunControl& control)
      : index_(index),
        cut_(cut),
        control_(control),
        prefixes_(index.sets.size() + 1, std::vector<std::uint64_t>(index.words)),
        masks_(index.sets.size(), std::vector<std::uint64_t>(index.words)) {}

  void count(std::size_t row, std::uint64_t* counts) {
    counts_ = counts;
    start(row);
  }

  std::optional<std::vector<std::size_t>> first(std::size_t row) {
    counts_ = nullptr;
    path_.assign(index_.sets.size() - 1, 0);
    return start(row) ? std::optional(path_) : std::nullopt;
  }

 private:
  // All functions below return true when the search may stop: the first tuple is in path_ (never while counting).

  bool start(std::size_t row) {
    const std::uint64_t* x = index_.sets[0].levels[0].all_ones.data() + row * index_.words;
    std::copy_n(x, index_.words, prefixes_[1].begin());
    return enter(1, 1);
  }

  std::size_t overlap(const std::vector<std::uint64_t>& a, const std::vector<std::uint64_t>& b) const {
    std::size_t ones = 0;
    for (std::size_t w = 0; w < index_.words; ++w) ones += static_cast<std::size_t>(std::popcount(a[w] & b[w]));
    return ones;
  }

  /// All tuples below prefixes_[u]; each counts `weight` times.
  bool enter(std::size_t u, std::uint64_t weight) {
    const auto& prefix = prefixes_[u];
    if (u == index_.sets.size()) {
      if (counts_) counts_[overlap(prefix, prefix)] += weight;
      return counts_ == nullptr;
    }
    if (overlap(prefix, index_.suffix_all_ones[u]) >= cut_) return false;
    const ScoringSet& set = index_.sets[u];
    if (same_everywhere(prefix, set.some_one.data(), set.all_ones.data()))
      return choose(u, 0, set.rows, set.all_ones.data(), weight);
    for (std::size_t w = 0; w < index_.words; ++w) masks_[u][w] = prefix[w] & index_.suffix_all_ones[u + 1][w];
    return descend(u, set.levels.size() - 1, 0, weight);
  }

  bool same_everywhere(const std::vector<std::uint64_t>& prefix, const std::uint64_t* some_one,
                       const std::uint64_t* all_ones) const {
    for (std::size_t w = 0; w < index_.words; ++w)
      if ((prefix[w] & some_one[w] & ~all_ones[w]) != 0) return false;
    return true;
  }

  /// Takes the vector `row` of set u, standing for `rows` vectors that look alike under the prefix.
  bool choose(std::size_t u, std::size_t row, std::uint64_t rows, const std::uint64_t* vector, std::uint64_t weight) {
    for (std::size_t w = 0; w < index_.words; ++w) prefixes_[u + 1][w] = prefixes_[u][w] & vector[w];
    if (!counts_) path_[u - 1] = row;
    if (u + 1 < index_.sets.size()) return enter(u + 1, weight * rows);
    const std::size_t product = overlap(prefixes_[u + 1], prefixes_[u + 1]);
    if (product >= cut_) return false;
    if (counts_) counts_[product] += weight * rows;
    return counts_ == nullptr;
  }

  /// The nodes group * 512 .. of a level of set u.
  bool descend(std::size_t u, std::size_t level_number, std::size_t group, std::uint64_t weight) {
    control_.check();
    const ScoringSet& set = index_.sets[u];
    const ScoringLevel& level = set.levels[level_number];
    const std::size_t first = group * kBlock;
    const std::size_t size = std::min(kBlock, level.nodes - first);
    const std::uint64_t* slices = level.slices.data() + group * index_.columns * kBlockWords;
    alignas(64) std::uint64_t alive[kBlockWords];
    for (std::size_t w = 0; w < kBlockWords; ++w) alive[w] = valid_lanes(size, w);
    const bool last_choice = u + 1 == index_.sets.size() && level_number == 0;
    if (cut_ == 1) {
      if (!sieve_(slices, masks_[u].data(), index_.words, alive)) return false;
    } else {
      std::vector<std::uint64_t> at_least((cut_ + 1) * kBlockWords);
      for (std::size_t w = 0; w < kBlockWords; ++w) at_least[cut_ * kBlockWords + w] = ~alive[w];
      if (!threshold_(slices, masks_[u].data(), index_.words, cut_, at_least.data())) return false;
      for (std::size_t w = 0; w < kBlockWords; ++w) alive[w] = ~at_least[cut_ * kBlockWords + w];
      if (last_choice && counts_) return add_exact(at_least, weight);
    }
    if (last_choice && counts_) {
      for (const std::uint64_t word : alive) counts_[0] += weight * static_cast<std::uint64_t>(std::popcount(word));
      return false;
    }
    for (std::size_t w = 0; w < kBlockWords; ++w)
      for (std::uint64_t bits = alive[w]; bits != 0; bits &= bits - 1)
        if (follow(u, level_number, first + 64 * w + static_cast<std::size_t>(std::countr_zero(bits)), weight)) return true;
    return false;
  }

  static std::uint64_t valid_lanes(std::size_t size, std::size_t word) {
    if (size >= 64 * (word + 1)) return ~std::uint64_t{0};
    return size <= 64 * word ? 0 : (std::uint64_t{1} << (size - 64 * word)) - 1;
  }

  /// A vector has exactly s ones when it is in plane s and not in plane s + 1; lanes to ignore were preset in the top plane only, and
  /// never leave it.
  bool add_exact(const std::vector<std::uint64_t>& at_least, std::uint64_t weight) {
    for (std::size_t s = 0; s < cut_; ++s)
      for (std::size_t w = 0; w < kBlockWords; ++w) {
        const std::uint64_t dead = at_least[cut_ * kBlockWords + w];
        const std::uint64_t exact = at_least[s * kBlockWords + w] & ~at_least[(s + 1) * kBlockWords + w] & ~dead;
        counts_[s] += weight * static_cast<std::uint64_t>(std::popcount(exact));
      }
    return false;
  }

  bool follow(std::size_t u, std::size_t level_number, std::size_t node, std::uint64_t weight) {
    const ScoringSet& set = index_.sets[u];
    const ScoringLevel& level = set.levels[level_number];
    const std::uint64_t* all_ones = level.all_ones.data() + node * index_.words;
    if (level_number == 0) return choose(u, node, 1, all_ones, weight);
    if (same_everywhere(prefixes_[u], level.some_one.data() + node * index_.words, all_ones))
      return choose(u, set.first_row(level_number, node), set.rows_below(level_number, node), all_ones, weight);
    return descend(u, level_number - 1, node, weight);
  }

  const ScoringIndex& index_;
  std::size_t cut_;
  const RunControl& control_;
  std::vector<std::vector<std::uint64_t>>
      prefixes_;  // prefixes_[u]: coordinates in which the vectors chosen in sets 0..u-1 are all 1
  std::vector<std::vector<std::uint64_t>> masks_;  // masks_[u]: those that every later set also has
  std::uint64_t* counts_ = nullptr;
  std::vector<std::size_t> path_;
  kernels::Sieve sieve_ = kernels::sieve();
  kernels::Threshold threshold_ = kernels::threshold();
};

}  // namespace

std::uint64_t tuples_per_row(const ScoringIndex& index) {
  std::uint64_t tuples = 1;
  for (std::size_t u = 1; u < index.sets.size(); ++u)
    if (__builtin_mul_overflow(tuples, std::uint64_t{index.sets[u].rows}, &tuples) || tuples >> 63 != 0)
      throw LimitReached("a row sees 2^63 or more tuples, beyond the 64-bit counters; use a smaller order k or fewer vectors");
  return tuples;
}

std::vector<std::uint64_t> count_below(const ScoringIndex& index, std::size_t cut, std::size_t first_row, std::size_t last_row,
                                       const RunControl& control) {
  if (cut == 0) throw std::invalid_argument("the cut must be at least 1");
  tuples_per_row(index);
  std::vector<std::uint64_t> counts((last_row - first_row) * cut);
  constexpr std::size_t kPiece = 16;
  for_row_pieces(first_row, last_row, kPiece, control, [&](std::size_t begin, std::size_t end) {
    Search search(index, cut, control);
    for (std::size_t row = begin; row < end; ++row) search.count(row, counts.data() + (row - first_row) * cut);
  });
  return counts;
}

std::optional<std::vector<std::size_t>> first_tuple_below(const ScoringIndex& index, std::size_t cut, std::size_t row,
                                                          const RunControl& control) {
  return Search(index, cut, control).first(row);
}

}  // namespace gapwright
