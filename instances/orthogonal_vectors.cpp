// SPDX-License-Identifier: MIT
#include "instances/orthogonal_vectors.hpp"

#include <bit>

#include "support/checked.hpp"
#include "support/errors.hpp"

namespace gapwright {

void check_well_formed(const OrthogonalVectors& ov) {
  if (ov.sets.size() < 2) throw BadInstance("k-OV needs at least 2 sets of vectors, here are " + std::to_string(ov.sets.size()));
  check_order_within(ov.sets.size(), "the instance");
  for (std::size_t u = 0; u < ov.sets.size(); ++u)
    if (ov.sets[u].columns != ov.dimension)
      throw BadInstance("set x" + std::to_string(u) + " has vectors of dimension " + std::to_string(ov.sets[u].columns) +
                        ", the first set has " + std::to_string(ov.dimension));
}

std::size_t inner_product(const std::vector<const BitMatrix*>& sets, const std::vector<std::size_t>& tuple) {
  std::size_t sum = 0;
  for (std::size_t w = 0; w < sets[0]->words_per_row; ++w) {
    std::uint64_t word = ~std::uint64_t{0};
    for (std::size_t u = 0; u < sets.size(); ++u) word &= sets[u]->row(tuple[u])[w];
    sum += static_cast<std::size_t>(std::popcount(word));
  }
  return sum;
}

bool accepts(const OrthogonalVectors& ov, const OrthogonalVectors::Witness& tuple) {
  if (tuple.size() != ov.sets.size() || tuple.empty()) return false;
  std::vector<const BitMatrix*> sets;
  for (std::size_t u = 0; u < ov.sets.size(); ++u) {
    if (tuple[u] >= ov.sets[u].rows || ov.sets[u].columns != ov.dimension) return false;
    sets.push_back(&ov.sets[u]);
  }
  return inner_product(sets, tuple) == 0;
}

mpz_class vector_bits(const OrthogonalVectors& ov) {
  mpz_class bits = 0;
  for (const BitMatrix& set : ov.sets) bits += mpz_class(set.rows) * set.columns;
  return bits;
}

}  // namespace gapwright
