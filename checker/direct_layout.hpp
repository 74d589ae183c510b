// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "checker/instances.hpp"
#include "checker/interval.hpp"

namespace checker {

/// How `reduce` may lay the direct embedding out.
struct DirectLayout {
  bool square = false, causal = false;
  bool centred = false;       ///< order 2: a key's 0 is written -B
  int significand_bits = 53;  ///< of the format that must hold the entry bound
  mpq_class delta{1, 16};     ///< what NO outputs stay below
};

/// The attention input of sets of vectors on the direct route (docs/reductions.md section 2; causal: docs/challenge.md, Theorem
/// E7), and how its rows stand for vectors: row j of matrix u, first[u] <= j < first[u] + rows[u], for vector
/// (j + shift[u]) mod size.
struct DirectTarget {
  BitAttention bits;
  double softmax_scale = 0, entry_bound = 0;
  Interval yes_at_least{320}, no_at_most{320};  ///< Theorem R2's values
  std::vector<std::uint64_t> rows, sizes, first, shift;
};
DirectTarget lay_out(const std::vector<Bits>& sets, const DirectLayout& layout);

/// The least number of the format with B^k scale >= ln(outweighed), what e^gamma must reach: tuples / delta.
double least_bound(const mpq_class& outweighed, const mpq_class& scale, std::size_t k, int significand_bits);

}  // namespace checker
