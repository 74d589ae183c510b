#include "instances/matched_twins.hpp"

#include <doctest/doctest.h>

#include <bit>

#include "tests/multiplier.hpp"
#include "verify/brute_force.hpp"

using namespace gapwright;

namespace {

std::vector<std::size_t> sums(const BitMatrix& m, bool of_rows) {
  std::vector<std::size_t> result(of_rows ? m.rows : m.columns, 0);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) result[of_rows ? r : c] += m.get(r, c);
  return result;
}

std::size_t product_of(const OrthogonalVectors& ov, const OrthogonalVectors::Witness& tuple) {
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : ov.sets) sets.push_back(&set);
  return inner_product(sets, tuple);
}

}  // namespace

TEST_CASE("matched vectors: twins agree in all row and column sums and differ in four bits of one key set, k = 2..5") {
  int drawn = 0;
  for (std::uint64_t number = 0; number < static_cast<std::uint64_t>(cases(40)); ++number) {
    const std::size_t order = 2 + number % 4;
    const auto pair = matched_vectors({order, 5 + number % 7, 16 + number % 5, 3, number, 0});
    if (!pair) continue;
    ++drawn;
    REQUIRE(accepts(pair->yes, pair->planted));
    REQUIRE(product_of(pair->no, pair->planted) == 1);
    REQUIRE(pair->yes.sets[0] == pair->no.sets[0]);
    std::size_t different = 0;
    for (std::size_t u = 0; u < order; ++u) {
      for (std::size_t w = 0; w < pair->yes.sets[u].words.size(); ++w)
        different += static_cast<std::size_t>(std::popcount(pair->yes.sets[u].words[w] ^ pair->no.sets[u].words[w]));
      for (const bool of_rows : {true, false}) REQUIRE(sums(pair->yes.sets[u], of_rows) == sums(pair->no.sets[u], of_rows));
    }
    REQUIRE(different == 4);
  }
  CHECK(drawn >= cases(30));
}

TEST_CASE(
    "matched vectors: the dimension is the least that leaves 1/8 accidental tuples, and pairs are pure functions of their "
    "numbers") {
  for (const auto& [order, rows] : {std::pair<std::size_t, std::size_t>{2, 255}, {3, 63}, {4, 23}}) {
    const std::size_t d = matched_dimension(order, rows);
    const auto expected = [&](std::size_t dimension) {
      return std::pow(static_cast<double>(rows), static_cast<double>(order)) *
             std::pow(1 - std::pow(7.0 / 16, static_cast<double>(order)), static_cast<double>(dimension));
    };
    CHECK(expected(d) <= 0.125 * (1 + 1e-9));
    CHECK(expected(d - 1) > 0.125);
  }
  const MatchedShape shape{2, 20, 30, 5, 1, 0};
  CHECK(matched_vectors(shape)->yes.sets == matched_vectors(shape)->yes.sets);
  CHECK(matched_vectors(shape)->yes.sets != matched_vectors({2, 20, 30, 5, 2, 0})->yes.sets);
  CHECK(matched_vectors(shape)->yes.sets != matched_vectors({2, 20, 30, 5, 1, 1})->yes.sets);
  CHECK(matched_vectors(shape)->yes.sets != matched_vectors({2, 20, 30, 6, 1, 0})->yes.sets);
}

TEST_CASE("near miss: nothing fits when no other row can take part") {
  OrthogonalVectors yes{2, {BitMatrix(1, 2), BitMatrix(1, 2)}, {}};
  yes.sets[0].set(0, 0);
  yes.sets[1].set(0, 1);
  CHECK(!near_miss(yes, {0, 0}, 1));
  yes.sets[1] = BitMatrix(2, 2);
  yes.sets[1].set(0, 1);
  yes.sets[1].set(1, 0);
  const auto no = near_miss(yes, {0, 0}, 1);  // the example of the file's head
  REQUIRE(no);
  CHECK(!accepts(*no, {0, 0}));
  CHECK(accepts(*no, {0, 1}));
}
