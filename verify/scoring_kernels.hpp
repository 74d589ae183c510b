#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

// The inner loops of scoring, on blocks of 512 vectors in bit-sliced form: for each column 512 bits (8 words), bit b saying whether
// vector b of the block has a one there. Dispatched at run time to the best vector unit.
namespace gapwright::kernels {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kBlockWords = kBlock / 64;

/// Kills vectors: alive &= ~column for every column c with bit c of `mask` set; stops when none is alive.
/// slices: [columns][8], 64-byte aligned. Returns whether any is alive.
using Sieve = bool (*)(const std::uint64_t* slices, const std::uint64_t* mask, std::size_t mask_words, std::uint64_t* alive);
Sieve sieve();

/// Counts ones up to a cut: after the call bit b of at_least[t] (t = 0..cut, 8 words each) says whether vector b has at least t ones in
/// the masked columns. Stops early, with at_least[cut] all ones, when no vector below the cut is left; at_least[cut] may come preset
/// with vectors to ignore (all other planes are set here). Returns whether any vector is below the cut.
using Threshold = bool (*)(const std::uint64_t* slices, const std::uint64_t* mask, std::size_t mask_words, std::size_t cut,
                           std::uint64_t* at_least);
Threshold threshold();

/// Masks over one or two blocks of vectors: how many ones has each vector in the columns of each mask?
struct HistogramTask {
  const std::uint64_t* slices;  ///< of the first block; the second lies `stride` words behind it
  std::size_t stride;
  std::size_t blocks;           ///< 1 or 2
  const std::uint64_t* masks;   ///< mask_count masks of mask_words words; column numbers below 2^16
  std::size_t mask_count;
  std::size_t mask_words;
  std::size_t largest_mask;  ///< no mask has more ones
};
constexpr std::size_t kMaxHistogramColumns = 65535;

/// counts[v] += number of (vector, mask) pairs with v ones, for all 512 lanes of each block, v < histogram_values(largest_mask).
/// scratch: histogram_scratch_words(largest_mask) words, 64-byte aligned.
using BlockHistogram = void (*)(const HistogramTask& task, std::uint64_t* counts, std::uint64_t* scratch);
BlockHistogram block_histogram();

std::size_t histogram_scratch_words(std::size_t columns);
std::size_t histogram_values(std::size_t columns);

/// The bound every scoring kernel is measured against: one AND and one population count per word of a tuple, data in the first-level
/// cache. Returns the sum of popcount(a[i] & b[i]), `repeat` times over.
using AndPopcount = std::uint64_t (*)(const std::uint64_t* a, const std::uint64_t* b, std::size_t words, std::size_t repeat);
AndPopcount and_popcount();

/// Name of the instruction set in use, for reports.
const char* target_name();

}  // namespace gapwright::kernels
