// SPDX-License-Identifier: MIT
// Matched pairs of hard vector sets.
//
// planted_max_inner_product: constant weight, so that the planted vectors cannot be told from the others one by one. Outside a
// common support of t coordinates their remaining weight - t ones are drawn again until no coordinate is shared by all k of them.
// tight_max_inner_product: s_no coordinates in which every vector is 1; t - s_no in which the planted vectors alone are 1; in the
// others coordinate c is 0 for all of set c mod k and random elsewhere. So a tuple has s_no, and the tuple of all planted vectors
// t. tight_orthogonal: write b_u = 1 for the planted vector of set u. Coordinate w < k holds b_u for u < w, 1 - b_w for u = w,
// and 1 for u > w: its product is 1 iff w is the first set whose vector is not planted. The k coordinates sum to 1 unless all are
// planted, then to 0. Other coordinates as above. Example (k = 2, d = 2): planted (0, 1), (1, 0); others (1, b), (1, 1) with
// b = 0 in set 0: products 0 + 0, and 1 + 0 or 0 + 1.
#include "instances/generators/matched_vectors.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>
#include <string>

#include "support/philox.hpp"

namespace gapwright {
namespace {

// Streams: attempt, then set, then row; the last row of a set is never a vector, its stream draws the tuple.
constexpr std::uint64_t kRows = std::uint64_t{1} << 40;
constexpr std::uint64_t kSets = std::uint64_t{1} << 5;

Random stream(const VectorPairShape& shape, std::size_t set, std::uint64_t row) {
  return {shape.seed, (shape.attempt * kSets + set) * kRows + row};
}

void check(const VectorPairShape& shape) {
  if (shape.order < 2 || shape.order > 24)
    throw std::invalid_argument("the order is 2 to 24, not " + std::to_string(shape.order));
  if (shape.rows == 0 || shape.dimension == 0)
    throw std::invalid_argument("vector sets need at least one row and one coordinate");
}

/// An empty pair with the planted tuple drawn, then every vector by fill(vector set, row, planted, random). Vectors that are not
/// planted are the same in both.
template <class Fill>
VectorPair pair_of(const VectorPairShape& shape, const Fill& fill) {
  check(shape);
  VectorPair pair;
  for (std::size_t u = 0; u < shape.order; ++u) {
    Random choice = stream(shape, u, kRows - 1);
    pair.tuple.push_back(choice.below(shape.rows));
    BitMatrix set(shape.rows, shape.dimension);
    for (std::size_t r = 0; r < shape.rows; ++r) {
      Random random = stream(shape, u, r);
      fill(set, u, r, random);
    }
    pair.no.push_back(set);
    pair.yes.push_back(std::move(set));
  }
  return pair;
}

void clear(BitMatrix& m, std::size_t row) { std::ranges::fill(m.row(row), std::uint64_t{0}); }

/// The first `count` places of a uniform permutation of `places`.
std::vector<std::size_t> chosen(std::vector<std::size_t> places, std::size_t count, Random& random) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t j = i + random.below(places.size() - i);
    std::swap(places[i], places[j]);
  }
  places.resize(count);
  return places;
}

std::vector<std::size_t> all_places(std::size_t dimension) {
  std::vector<std::size_t> places(dimension);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

}  // namespace

VectorPair planted_max_inner_product(const VectorPairShape& shape, std::size_t weight, std::size_t t) {
  check(shape);
  const std::size_t d = shape.dimension, rest = weight - t;
  if (t == 0 || t > weight || weight > d || (rest > 0 && shape.order * (d - weight) < d - t))
    throw std::invalid_argument("no planted tuple of inner product " + std::to_string(t) + " has vectors of weight " +
                                std::to_string(weight) + " in dimension " + std::to_string(d));
  const auto places = all_places(d);
  VectorPair pair = pair_of(shape, [&](BitMatrix& set, std::size_t, std::size_t row, Random& random) {
    for (const std::size_t c : chosen(places, weight, random)) set.set(row, c);
  });
  Random random = stream(shape, shape.order, 0);
  const std::vector<std::size_t> order = chosen(places, d, random);  // the common support first
  const std::vector<std::size_t> others(order.begin() + static_cast<std::ptrdiff_t>(t), order.end());
  // Drawn at random the coordinates rarely meet in all k sets; where they are crowded (k (d - weight) near d - t) they are dealt
  // in turn.
  for (std::size_t attempt = 0;; ++attempt) {
    std::vector<std::size_t> shared(d, 0);
    bool clash = false;
    for (std::size_t u = 0; u < shape.order; ++u) {
      const std::size_t row = pair.tuple[u];
      clear(pair.yes[u], row);
      for (std::size_t i = 0; i < t; ++i) pair.yes[u].set(row, order[i]);
      std::vector<std::size_t> own;
      if (attempt < 100)
        own = chosen(others, rest, random);
      else  // what set u leaves out is a stretch of length d - weight; k stretches, end to end, cover all
        for (std::size_t i = 0; i < rest; ++i) own.push_back(others[(i + (u + 1) * (d - weight)) % others.size()]);
      for (const std::size_t c : own) {
        pair.yes[u].set(row, c);
        clash |= ++shared[c] == shape.order;
      }
    }
    if (!clash) return pair;
  }
}

VectorPair tight_max_inner_product(const VectorPairShape& shape, std::size_t t, std::size_t s_no) {
  if (s_no >= t || t > shape.dimension) throw std::invalid_argument("a tight pair needs s_no < t <= dimension");
  VectorPair pair = pair_of(shape, [&](BitMatrix& set, std::size_t u, std::size_t row, Random& random) {
    for (std::size_t c = 0; c < s_no; ++c) set.set(row, c);
    for (std::size_t c = t; c < shape.dimension; ++c)
      if (c % shape.order != u && random.bit()) set.set(row, c);
  });
  for (std::size_t u = 0; u < shape.order; ++u)
    for (std::size_t c = s_no; c < t; ++c) pair.yes[u].set(pair.tuple[u], c);
  return pair;
}

VectorPair planted_orthogonal(const VectorPairShape& shape, double density) {
  VectorPair pair = pair_of(shape, [&](BitMatrix& set, std::size_t, std::size_t row, Random& random) {
    for (std::size_t c = 0; c < shape.dimension; ++c) set.set(row, c, random.unit() < density);
  });
  Random random = stream(shape, shape.order, 0);
  for (std::size_t c = 0; c < shape.dimension; ++c) {
    bool all = true;
    do {  // a coordinate in which all are 1 is drawn again
      all = true;
      for (std::size_t u = 0; u < shape.order; ++u) {
        const bool bit = random.unit() < density;
        pair.yes[u].set(pair.tuple[u], c, bit);
        all &= bit;
      }
    } while (all);
  }
  return pair;
}

VectorPair tight_orthogonal(const VectorPairShape& shape) {
  if (shape.dimension < shape.order)
    throw std::invalid_argument("a tight pair of order " + std::to_string(shape.order) + " needs at least as many coordinates");
  const std::size_t k = shape.order;
  VectorPair pair = pair_of(shape, [&](BitMatrix& set, std::size_t u, std::size_t row, Random& random) {
    for (std::size_t w = 0; w < k; ++w) set.set(row, w, u >= w);  // b_u = 0
    for (std::size_t c = k; c < shape.dimension; ++c)
      if (c % k != u && random.bit()) set.set(row, c);
  });
  for (std::size_t u = 0; u < k; ++u)
    for (std::size_t w = 0; w < k; ++w) pair.yes[u].set(pair.tuple[u], w, u != w);  // b_u = 1
  return pair;
}

}  // namespace gapwright
