// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "instances/generators/random_vectors.hpp"

// Twins for challenging an algorithm: a YES and a NO instance of k-OV that agree in every row sum and every column sum of every
// set.
namespace gapwright {

/// n rows in each of k sets, bits of density 7/16. Two rows a, b of one key set, a planted, exchange their bits at two
/// coordinates, 01 / 10 to 10 / 01, so that the planted tuple has inner product exactly 1. Key sets alone do not tell which twin
/// is which: the pair has the same law in either order. Other tuples change too: whether one is orthogonal is for the caller to
/// count. Pairs and attempts are independent draws. Throws std::invalid_argument for what cannot be drawn: fewer than two rows or
/// coordinates.
struct MatchedShape {
  std::size_t order = 2, rows = 0, dimension = 0;
  std::uint64_t seed = 1, pair = 0, attempt = 0;
};
struct MatchedVectors {
  OrthogonalVectors yes, no;
  OrthogonalVectors::Witness planted;  ///< orthogonal in yes, inner product 1 in no
};
MatchedVectors matched_vectors(const MatchedShape&);

/// The smallest dimension in which n^k tuples of such vectors are expected to hold at most 1/8 orthogonal ones.
std::size_t matched_dimension(std::size_t order, std::size_t rows);

}  // namespace gapwright
