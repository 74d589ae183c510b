// SPDX-License-Identifier: MIT
#include "instances/generators/matched_vectors.hpp"

#include "instances/orthogonal_vectors.hpp"
#include "tests/support.hpp"

namespace gapwright {
namespace {

/// Inner products of all tuples, in lexicographic order.
std::vector<std::size_t> products(const std::vector<BitMatrix>& sets) {
  std::vector<const BitMatrix*> pointers;
  for (const BitMatrix& set : sets) pointers.push_back(&set);
  std::vector<std::size_t> tuple(sets.size(), 0), all;
  for (;;) {
    all.push_back(inner_product(pointers, tuple));
    std::size_t u = tuple.size();
    while (u-- > 0 && ++tuple[u] == sets[u].rows) tuple[u] = 0;
    if (u == static_cast<std::size_t>(-1)) return all;
  }
}

std::size_t planted_place(const VectorPair& pair) {
  std::size_t place = 0;
  for (std::size_t u = 0; u < pair.tuple.size(); ++u) place = place * pair.yes[u].rows + pair.tuple[u];
  return place;
}

std::size_t weight(const BitMatrix& m, std::size_t row) {
  std::size_t ones = 0;
  for (std::size_t c = 0; c < m.columns; ++c) ones += m.get(row, c);
  return ones;
}

/// Equal but for the planted vectors, which differ.
void check_matched(const VectorPair& pair) {
  for (std::size_t u = 0; u < pair.yes.size(); ++u)
    for (std::size_t r = 0; r < pair.yes[u].rows; ++r)
      CHECK((pair.yes[u].row(r)[0] == pair.no[u].row(r)[0]) == (r != pair.tuple[u]));
}

TEST_CASE("tight pairs: every inner product is exactly what the theorem's worst case has") {
  for (const std::size_t k : {2, 3, 4}) {
    const VectorPair gap = tight_max_inner_product({k, 3, 21, 5}, 9, 7);
    check_matched(gap);
    std::vector<std::size_t> expected(products(gap.no).size(), 7);
    CHECK(products(gap.no) == expected);
    expected[planted_place(gap)] = 9;
    CHECK(products(gap.yes) == expected);
    for (const std::size_t d : {k, k + 7}) {
      const VectorPair orthogonal = tight_orthogonal({k, 3, d, 6});
      check_matched(orthogonal);
      std::vector<std::size_t> ones(products(orthogonal.no).size(), 1);
      CHECK(products(orthogonal.no) == ones);
      ones[planted_place(orthogonal)] = 0;
      CHECK(products(orthogonal.yes) == ones);
    }
  }
  CHECK_THROWS_AS(tight_orthogonal({3, 4, 2, 1}), std::invalid_argument);
  CHECK_THROWS_AS(tight_max_inner_product({2, 4, 8, 1}, 5, 5), std::invalid_argument);
}

TEST_CASE("planted pairs: equal weights, the planted tuple exactly at t, orthogonal where that was asked for") {
  for (const std::size_t k : {2, 3, 4})
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const VectorPair pair = planted_max_inner_product({k, 4, 32, seed}, 16, 14);
      check_matched(pair);
      CHECK(products(pair.yes)[planted_place(pair)] == 14);
      for (const auto* sets : {&pair.yes, &pair.no})
        for (const BitMatrix& set : *sets)
          for (std::size_t r = 0; r < set.rows; ++r) CHECK(weight(set, r) == 16);
      CHECK(products(planted_orthogonal({k, 4, 24, seed}, 0.7).yes)[planted_place(planted_orthogonal({k, 4, 24, seed}, 0.7))] ==
            0);
    }
  // Crowded: k (d - weight) = d - t, so what the vectors leave out must tile the rest.
  const VectorPair crowded = planted_max_inner_product({3, 4, 32, 1}, 24, 8);
  CHECK(products(crowded.yes)[planted_place(crowded)] == 8);
  CHECK_THROWS_AS(planted_max_inner_product({3, 4, 32, 1}, 25, 8), std::invalid_argument);
}

TEST_CASE("planted pairs are a function of seed and attempt") {
  const VectorPairShape shape{3, 8, 48, 7};
  CHECK(planted_max_inner_product(shape, 24, 21).yes == planted_max_inner_product(shape, 24, 21).yes);
  CHECK(planted_max_inner_product({3, 8, 48, 7, 1}, 24, 21).yes != planted_max_inner_product(shape, 24, 21).yes);
  CHECK(planted_max_inner_product({3, 8, 48, 8}, 24, 21).yes != planted_max_inner_product(shape, 24, 21).yes);
}

}  // namespace
}  // namespace gapwright
