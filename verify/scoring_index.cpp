// SPDX-License-Identifier: MIT
#include "verify/scoring_index.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <span>
#include <stdexcept>

#include "verify/bit_transpose.hpp"
#include "verify/scoring_kernels.hpp"

namespace gapwright {
namespace {

using kernels::kBlock;
using kernels::kBlockWords;

std::size_t ones_in(std::span<const std::uint64_t> words) {
  return std::accumulate(words.begin(), words.end(), std::size_t{0},
                         [](std::size_t sum, std::uint64_t word) { return sum + static_cast<std::size_t>(std::popcount(word)); });
}

/// Coordinates by number of ones in the last set, then in the one before it, ...; `columns_of` holds the transposed sets.
std::vector<std::size_t> deadliest_first(const std::vector<BitMatrix>& columns_of, std::size_t columns) {
  const std::size_t sets = columns_of.size();
  std::vector<std::size_t> ones(columns * sets);
  for (std::size_t c = 0; c < columns; ++c)
    for (std::size_t u = 0; u < sets; ++u) ones[c * sets + u] = ones_in(columns_of[sets - 1 - u].row(c));
  const auto of = [&](std::size_t c) { return std::span(ones).subspan(c * sets, sets); };
  std::vector<std::size_t> order(columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return std::ranges::lexicographical_compare(of(b), of(a)); });
  return order;
}

/// Cuts bit columns ([columns] rows of `nodes` bits) into blocks of 512 nodes.
AlignedWords slice(const BitMatrix& columns_of_nodes) {
  const std::size_t groups = (columns_of_nodes.columns + kBlock - 1) / kBlock;
  // A sieve reads a column only where a mask has a one, which is below `rows`; whole words of masks need whole words of columns.
  AlignedWords slices(groups * columns_of_nodes.rows * kBlockWords);
  for (std::size_t g = 0; g < groups; ++g)
    for (std::size_t c = 0; c < columns_of_nodes.rows; ++c) {
      const auto column = columns_of_nodes.row(c);
      const std::size_t first = g * kBlockWords;
      std::copy_n(column.begin() + static_cast<std::ptrdiff_t>(first), std::min(kBlockWords, column.size() - first),
                  slices.begin() + static_cast<std::ptrdiff_t>((g * columns_of_nodes.rows + c) * kBlockWords));
    }
  return slices;
}

/// Folds each block of 512 rows of `words` words into one by `op`.
template <class Op>
std::vector<std::uint64_t> fold_blocks(const std::vector<std::uint64_t>& rows, std::size_t nodes, std::size_t words, Op op) {
  std::vector<std::uint64_t> folded;
  for (std::size_t first = 0; first < nodes; first += kBlock)
    for (std::size_t w = 0; w < words; ++w) {
      std::uint64_t word = rows[first * words + w];
      for (std::size_t r = first + 1; r < std::min(nodes, first + kBlock); ++r) word = op(word, rows[r * words + w]);
      folded.push_back(word);
    }
  return folded;
}

constexpr auto kAnd = [](std::uint64_t a, std::uint64_t b) { return a & b; };
constexpr auto kOr = [](std::uint64_t a, std::uint64_t b) { return a | b; };

const std::vector<std::uint64_t>& some_one_of(const ScoringLevel& level) {
  return level.some_one.empty() ? level.all_ones : level.some_one;  // a single vector is both
}

ScoringSet index_set(const BitMatrix& columns, bool with_tree) {
  ScoringSet set;
  set.rows = columns.columns;
  BitMatrix vectors = transposed(columns);
  const std::size_t words = vectors.words_per_row;
  set.levels.push_back({set.rows, std::move(vectors.words), {}, with_tree ? slice(columns) : AlignedWords{}});
  while (set.levels.back().nodes > kBlock) {
    const ScoringLevel& below = set.levels.back();
    ScoringLevel level;
    level.all_ones = fold_blocks(below.all_ones, below.nodes, words, kAnd);
    level.some_one = fold_blocks(some_one_of(below), below.nodes, words, kOr);
    level.nodes = (below.nodes + kBlock - 1) / kBlock;
    if (with_tree) {
      BitMatrix nodes(level.nodes, columns.rows);
      nodes.words = level.all_ones;
      level.slices = slice(transposed(nodes));
    }
    set.levels.push_back(std::move(level));
  }
  const ScoringLevel& top = set.levels.back();
  set.all_ones = fold_blocks(top.all_ones, top.nodes, words, kAnd);
  set.some_one = fold_blocks(some_one_of(top), top.nodes, words, kOr);
  return set;
}

}  // namespace

std::size_t ScoringSet::first_row(std::size_t level, std::size_t node) const {
  for (std::size_t t = 0; t < level; ++t) node *= kBlock;
  return node;
}

std::size_t ScoringSet::rows_below(std::size_t level, std::size_t node) const {
  return std::min(first_row(level, node + 1), rows) - first_row(level, node);
}

ScoringIndex make_scoring_index(const std::vector<const BitMatrix*>& sets) {
  ScoringIndex index;
  index.columns = sets.at(0)->columns;
  index.words = sets[0]->words_per_row;
  std::vector<BitMatrix> columns_of;
  for (const BitMatrix* set : sets) {
    if (set->columns != index.columns) throw std::invalid_argument("the sets have different dimensions");
    if (set->rows == 0) throw std::invalid_argument("a set is empty");
    columns_of.push_back(transposed(*set));
  }
  const auto order = deadliest_first(columns_of, index.columns);
  for (std::size_t u = 0; u < sets.size(); ++u) {
    BitMatrix sorted(index.columns, columns_of[u].columns);
    for (std::size_t c = 0; c < index.columns; ++c)
      std::copy_n(columns_of[u].row(order[c]).begin(), sorted.words_per_row, sorted.row(c).begin());
    columns_of[u] = BitMatrix();
    index.sets.push_back(index_set(sorted, u > 0));
  }
  index.suffix_all_ones.assign(sets.size() + 1, std::vector<std::uint64_t>(index.words, ~std::uint64_t{0}));
  for (std::size_t u = sets.size(); u-- > 0;)
    for (std::size_t w = 0; w < index.words; ++w)
      index.suffix_all_ones[u][w] = index.suffix_all_ones[u + 1][w] & index.sets[u].all_ones[w];
  return index;
}

}  // namespace gapwright
