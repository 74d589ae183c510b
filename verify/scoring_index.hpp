// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <new>
#include <vector>

#include "instances/bit_matrix.hpp"

namespace gapwright {

/// Allocator for 64-byte aligned words.
template <class T>
struct CacheLineAllocator {
  using value_type = T;
  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) {}
  T* allocate(std::size_t n) { return static_cast<T*>(::operator new (n * sizeof(T), std::align_val_t{64})); }
  void deallocate(T* p, std::size_t) { ::operator delete (p, std::align_val_t{64}); }
  template <class U>
  bool operator==(const CacheLineAllocator<U>&) const {
    return true;
  }
};
using AlignedWords = std::vector<std::uint64_t, CacheLineAllocator<std::uint64_t>>;

/// One level of a set's tree. Level 0: the vectors themselves; a node of level t + 1 is a block of 512 consecutive nodes of level t.
struct ScoringLevel {
  std::size_t nodes = 0;
  std::vector<std::uint64_t> all_ones;  ///< [nodes][words]: coordinates in which every vector below the node is 1
  std::vector<std::uint64_t>
      some_one;         ///< [nodes][words]: coordinates in which some vector below the node is 1; empty at level 0
  AlignedWords slices;  ///< [ceil(nodes / 512)][columns][8]: all_ones, bit-sliced by blocks of 512 nodes
};

/// A set of vectors, indexed for scoring. The last level has at most 512 nodes.
struct ScoringSet {
  std::size_t rows = 0;
  std::vector<ScoringLevel> levels;
  std::vector<std::uint64_t> all_ones;  ///< over the whole set
  std::vector<std::uint64_t> some_one;

  std::size_t rows_below(std::size_t level, std::size_t node) const;  ///< number of vectors below a node
  std::size_t first_row(std::size_t level, std::size_t node) const;
};

/// k sets of vectors of one dimension, coordinates reordered so that the deadliest come first: those with most ones in the last set, then
/// in the one before it, and so on. Inner products do not depend on the order.
struct ScoringIndex {
  std::size_t columns = 0;
  std::size_t words = 0;
  std::vector<ScoringSet> sets;  ///< sets[0] gives the rows; it has no slices
  /// suffix_all_ones[u]: coordinates in which every vector of the sets u, u + 1, ... is 1; entry k is all ones.
  std::vector<std::vector<std::uint64_t>> suffix_all_ones;
};

/// Sets must have equal dimensions and at least one vector each. Memory: about 2 bits per bit of the sets.
ScoringIndex make_scoring_index(const std::vector<const BitMatrix*>& sets);

}  // namespace gapwright
