#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "instances/orthogonal_vectors.hpp"

// Twins for challenging an algorithm: a YES and a NO instance of k-OV that agree in every row sum and every column sum of every set.
namespace gapwright {

struct MatchedShape {
  std::vector<std::size_t> set_sizes;  ///< n_0, ..., n_{k-1}, every key set with at least 2 rows
  std::size_t dimension = 0;           ///< d
  std::uint64_t seed = 1;
  std::uint64_t pair = 0;     ///< number of the pair: independent draws
  std::uint64_t attempt = 0;  ///< draws the pair once more
};

/// no differs from yes in four bits of one key set: rows a, b and columns c, c' with bits 01 / 10 in yes and 10 / 01 in no.
struct MatchedVectors {
  OrthogonalVectors yes, no;
  OrthogonalVectors::Witness planted;  ///< orthogonal in yes, inner product exactly 1 in no
};

/// Bits are 1 with probability 7/16; any k - 1 members of the planted tuple are distributed like rows that were never planted. Whether other
/// tuples are orthogonal is for the caller to count, and to draw again. Empty when no four bits fit (draw again). Throws std::invalid_argument for
/// k < 2 or k > 15, an empty set, a key set of one row, or dimension < 2.
std::optional<MatchedVectors> matched_vectors(const MatchedShape&);

/// The smallest dimension in which such sets are expected to hold at most 1/8 orthogonal tuples that were not planted.
std::size_t matched_dimension(const std::vector<std::size_t>& set_sizes);

}  // namespace gapwright
