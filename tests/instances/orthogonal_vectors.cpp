// SPDX-License-Identifier: MIT
#include "instances/orthogonal_vectors.hpp"

#include <doctest/doctest.h>

#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

BitMatrix random_bits(Random& random, std::size_t rows, std::size_t columns) {
  BitMatrix bits(rows, columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) bits.set(r, c, random.bit());
  return bits;
}

}  // namespace

TEST_CASE("orthogonal vectors: inner products coordinate by coordinate") {
  Random random(1, 0);
  for (int i = 0; i < cases(200); ++i) {
    const std::size_t k = 2 + random.below(4), d = random.below(150);
    OrthogonalVectors ov;
    ov.dimension = d;
    std::vector<const BitMatrix*> sets;
    std::vector<std::size_t> tuple;
    for (std::size_t u = 0; u < k; ++u) {
      ov.sets.push_back(random_bits(random, 1 + random.below(5), d));
      tuple.push_back(random.below(ov.sets.back().rows));
    }
    for (const BitMatrix& set : ov.sets) sets.push_back(&set);
    std::size_t expected = 0;
    for (std::size_t c = 0; c < d; ++c) {
      bool all = true;
      for (std::size_t u = 0; u < k; ++u) all = all && sets[u]->get(tuple[u], c);
      expected += all;
    }
    CHECK(inner_product(sets, tuple) == expected);
    CHECK(accepts(ov, tuple) == (expected == 0));
    CHECK_NOTHROW(check_well_formed(ov));
  }
}

TEST_CASE("orthogonal vectors: nonsense is not accepted") {
  const OrthogonalVectors ov{2, {BitMatrix(2, 2), BitMatrix(1, 2), BitMatrix(3, 2)}, {}};
  CHECK(accepts(ov, {1, 0, 2}));
  for (const OrthogonalVectors::Witness& tuple :
       {OrthogonalVectors::Witness{}, {0}, {0, 0}, {0, 0, 0, 0}, {2, 0, 0}, {0, 1, 0}, {0, 0, SIZE_MAX}})
    CHECK_FALSE(accepts(ov, tuple));
  CHECK_FALSE(accepts({0, {}, {}}, {}));
  CHECK_FALSE(accepts({2, {BitMatrix(1, 2), BitMatrix(1, 70)}, {}}, {0, 0}));
  CHECK(accepts({0, {BitMatrix(1, 0), BitMatrix(1, 0)}, {}}, {0, 0}));
}

TEST_CASE("orthogonal vectors: check_well_formed says what is wrong") {
  const auto error = [](const OrthogonalVectors& ov) { return test::message_of<BadInstance>([&] { check_well_formed(ov); }); };
  CHECK(error({2, {}, {}}) == "k-OV needs at least 2 sets of vectors, here are 0");
  CHECK(error({2, {BitMatrix(1, 2)}, {}}) == "k-OV needs at least 2 sets of vectors, here are 1");
  CHECK(error({2, {BitMatrix(1, 2), BitMatrix(1, 3)}, {}}) == "set x1 has vectors of dimension 3, the first set has 2");
  CHECK(error({2, {BitMatrix(0, 2), BitMatrix(1, 2)}, {}}) == "nothing was thrown");
}
