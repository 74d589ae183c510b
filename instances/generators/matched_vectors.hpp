// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "instances/bit_matrix.hpp"

// Matched pairs of vector sets: a yes instance with one planted tuple, and the same without it. `tuple` names the planted
// vectors; all others are equal in both. Draws are a pure function of the seed, the attempt and the place.
namespace gapwright {

struct VectorPair {
  std::vector<BitMatrix> yes, no;  ///< set u: rows x dimension
  std::vector<std::size_t> tuple;
};

struct VectorPairShape {
  std::size_t order = 2, rows = 0, dimension = 0;
  std::uint64_t seed = 1, attempt = 0;
};

/// Every vector has exactly `weight` ones, uniform; the planted tuple has inner product exactly t. Nothing is promised about the
/// other tuples: a union bound makes a large one unlikely, and the caller counts. Throws std::invalid_argument unless
/// 0 < t <= weight <= dimension and the planted tuple exists: t = weight or k (dimension - weight) >= dimension - t.
VectorPair planted_max_inner_product(const VectorPairShape&, std::size_t weight, std::size_t t);

/// Every tuple but the planted one has inner product exactly s_no, the planted one t: both thresholds of an embedding are
/// attained. Needs s_no < t <= dimension.
VectorPair tight_max_inner_product(const VectorPairShape&, std::size_t t, std::size_t s_no);

/// Independent bits that are 1 with probability `density`; the planted tuple is orthogonal. Nothing is promised about the others.
VectorPair planted_orthogonal(const VectorPairShape&, double density);

/// Every tuple but the planted one has inner product exactly 1. Needs dimension >= order.
VectorPair tight_orthogonal(const VectorPairShape&);

}  // namespace gapwright
