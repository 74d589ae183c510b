// SPDX-License-Identifier: MIT
#include "instances/generators/corner_vectors.hpp"

#include <algorithm>

namespace gapwright {
namespace {

/// All products 1: all have a one in the first coordinate, and one set has nothing else. `one_orthogonal`: but for one vector that is
/// orthogonal to all.
void make_products_one(Random& random, OrthogonalVectors& ov, bool one_orthogonal) {
  const std::size_t bare = random.below(ov.sets.size());
  for (std::size_t u = 0; u < ov.sets.size(); ++u)
    for (std::size_t r = 0; r < ov.sets[u].rows; ++r)
      for (std::size_t c = 0; c < ov.dimension; ++c)
        if (c == 0 || u == bare) ov.sets[u].set(r, c, c == 0);
  if (!one_orthogonal) return;
  for (BitMatrix& set : ov.sets)
    for (std::size_t r = 1; r < set.rows; ++r) set.set(r, 0);
  ov.sets[bare].set(ov.sets[bare].rows - 1, 0, false);
}

void repeat_first_rows(Random& random, OrthogonalVectors& ov) {
  for (BitMatrix& set : ov.sets)
    for (std::size_t r = 1; r < set.rows; ++r)
      if (random.bit()) std::copy_n(set.row(0).begin(), set.words_per_row, set.row(r).begin());
}

}  // namespace

OrthogonalVectors draw_vectors(Random& random, std::size_t order, std::uint64_t most_tuples, std::size_t most_columns) {
  OrthogonalVectors ov;
  ov.dimension = 1 + random.below(most_columns);
  const std::uint64_t kind = random.below(8);
  const std::uint64_t density = kind == 0 ? 8 : 1 + random.below(8);
  std::uint64_t room = most_tuples;
  for (std::size_t u = 0; u < order; ++u) {
    BitMatrix set(1 + random.below(std::min<std::uint64_t>(room, order == 2 ? 9 : 5)), ov.dimension);
    room = std::max<std::uint64_t>(room / set.rows, 1);
    for (std::size_t r = 0; r < set.rows; ++r)
      for (std::size_t c = 0; c < ov.dimension; ++c) set.set(r, c, random.below(8) < density);
    ov.sets.push_back(std::move(set));
  }
  if (kind == 1 || kind == 2) make_products_one(random, ov, kind == 2);
  if (kind == 3) repeat_first_rows(random, ov);
  return ov;
}

}  // namespace gapwright
