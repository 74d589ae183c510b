// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <vector>

#include "checker/instances.hpp"
#include "checker/quotient.hpp"

namespace checker {

/// How `reduce` may lay the direct embedding out.
struct DirectLayout {
  bool square = false, causal = false;
  bool centred = false;       ///< order 2: a key's 0 is written -B
  int significand_bits = 53;  ///< of the format that must hold the entry bound
  mpq_class delta{1, 16};     ///< what NO outputs stay below
};

/// Sets of vectors that are there, or that are computed one by one: `write` sets the ones of vector `row` of set u in row `to_row`
/// of a matrix of zeros, which may have more columns.
struct VectorSets {
  std::vector<std::uint64_t> sizes;
  std::size_t columns = 0;
  std::function<void(std::size_t u, std::uint64_t row, Bits& to, std::size_t to_row)> write;
};
VectorSets vector_sets(const std::vector<Bits>& sets);  ///< which must stay

/// Throws Rejected for orders that the direct embedding is not for.
void check_order(std::size_t order);

/// Coordinates of the embedding that are none of the vectors: patterns of data and pad over the key matrices, neither all data nor
/// all pad.
std::size_t mixed_patterns(std::size_t order);

/// The attention input of sets of vectors on the direct route (docs/reductions.md section 2; causal: docs/challenge.md, Theorem
/// E7), and how its rows stand for vectors: row j of matrix u, first[u] <= j < first[u] + rows[u], for vector
/// (j + shift[u]) mod size.
struct DirectTarget {
  BitAttention bits;
  double softmax_scale = 0, entry_bound = 0;
  Quotient yes_at_least, no_at_most;  ///< Theorem R2's values, exactly
  std::vector<std::uint64_t> rows, sizes, first, shift;
};
/// The only construction of it: bundles lay out vectors that are there, certificates of formulas those that they list. Throws Limit
/// before any of it is built when it does not fit.
DirectTarget lay_out(const VectorSets& sets, const DirectLayout& layout);

/// The least number of the format with B^k scale >= ln(outweighed), what e^gamma must reach: tuples / delta.
double least_bound(const mpq_class& outweighed, const mpq_class& scale, std::size_t k, int significand_bits);

}  // namespace checker
