// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

// The inner loops of scoring, on blocks of 512 vectors in bit-sliced form: for each column 512 bits (8 words), bit b saying
// whether vector b of the block has a one there. Dispatched at run time to the best vector unit.
namespace gapwright::kernels {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kBlockWords = kBlock / 64;

/// Kills vectors: alive &= ~column for every column c with bit c of `mask` set; stops when none is alive.
/// slices: [columns][8], 64-byte aligned. Returns whether any is alive.
using Sieve = bool (*)(const std::uint64_t* slices, const std::uint64_t* mask, std::size_t mask_words, std::uint64_t* alive);
Sieve sieve();

/// Counts ones up to a cut: after the call bit b of at_least[t] (t = 0..cut, 8 words each) says whether vector b has at least t
/// ones in the masked columns. Stops early, with at_least[cut] all ones, when no vector below the cut is left; at_least[cut] may
/// come preset with vectors to ignore (all other planes are set here). Returns whether any vector is below the cut.
using Threshold = bool (*)(const std::uint64_t* slices, const std::uint64_t* mask, std::size_t mask_words, std::size_t cut,
                           std::uint64_t* at_least);
Threshold threshold();

/// Selects the bits of words: word i of `out` holds, at its low end and in order, those bits of from[i * stride] that `chosen`
/// names.
using GatherBits = void (*)(const std::uint64_t* from, std::size_t stride, std::size_t count, std::uint64_t chosen,
                            std::uint64_t* out);
GatherBits gather_bits();

/// One sum of columns in a program of such sums, which share their beginnings: it starts from the sum last kept at `depth` (at
/// depth 0: from zero) and adds columns of its own.
struct SumStep {
  std::uint32_t depth;           ///< below kSumDepths
  std::uint32_t planes;          ///< bits of the largest possible sum
  std::uint64_t* subset_counts;  ///< where a finished sum is counted; null: the sum is kept at depth + 1
};
constexpr std::size_t kSumDepths = 5;
constexpr std::size_t kColumnsPerWord = 65;  ///< 64 and a column of zeros, which stands for "no more bits"

/// Runs a program of sums over one or two blocks of vectors.
struct HistogramTask {
  const std::uint64_t* const* columns;  ///< [words][65][blocks]: the 8 words of each column in each block, 64-byte aligned
  std::size_t blocks;                   ///< 1 or 2
  const SumStep* steps;
  const std::uint64_t* bits;  ///< [step_count][words]: the columns each step adds, by 64
  std::size_t step_count;
  std::size_t words;
  std::size_t planes;  ///< of the largest step, at most 17
};
constexpr std::size_t kMostSummed = 65535;  ///< columns in one sum

/// For each finished sum and each non-empty set X of its planes: subset_counts[8 X + i], summed over i < 8, grows by the number
/// of the 512 lanes of each block in which all planes of X are one.
using SubsetCounts = void (*)(const HistogramTask& task);
SubsetCounts subset_counts();

/// counts[v] = number of lanes with sum v, v < 2^planes, from the numbers above; those of X = 0 must be the number of all lanes
/// counted.
void counts_from_subsets(const std::uint64_t* subset_counts, std::size_t planes, std::uint64_t* counts);

/// The bound every scoring kernel is measured against: one AND and one population count per word of a tuple, data in the
/// first-level cache. Returns the sum of popcount(a[i] & b[i]), `repeat` times over.
using AndPopcount = std::uint64_t (*)(const std::uint64_t* a, const std::uint64_t* b, std::size_t words, std::size_t repeat);
AndPopcount and_popcount();

/// Name of the instruction set in use, for reports.
const char* target_name();

}  // namespace gapwright::kernels
