// SPDX-License-Identifier: MIT
#include "instances/generators/matched_twins.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <map>
#include <stdexcept>
#include <string>
#include <tuple>

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
  for (std::uint64_t number = 0; number < static_cast<std::uint64_t>(cases(40)); ++number) {
    const std::size_t order = 2 + number % 4;
    const MatchedVectors pair = matched_vectors({order, 2 + number % 7, 16 + number % 5, 3, number, 0});
    REQUIRE(accepts(pair.yes, pair.planted));
    REQUIRE(product_of(pair.no, pair.planted) == 1);
    REQUIRE(pair.yes.sets[0] == pair.no.sets[0]);
    std::size_t different = 0;
    for (std::size_t u = 0; u < order; ++u) {
      for (std::size_t w = 0; w < pair.yes.sets[u].words.size(); ++w)
        different += static_cast<std::size_t>(std::popcount(pair.yes.sets[u].words[w] ^ pair.no.sets[u].words[w]));
      for (const bool of_rows : {true, false}) REQUIRE(sums(pair.yes.sets[u], of_rows) == sums(pair.no.sets[u], of_rows));
    }
    REQUIRE(different == 4);
  }
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
  CHECK(matched_vectors(shape).yes.sets == matched_vectors(shape).yes.sets);
  CHECK(matched_vectors(shape).yes.sets != matched_vectors({2, 20, 30, 5, 2, 0}).yes.sets);
  CHECK(matched_vectors(shape).yes.sets != matched_vectors({2, 20, 30, 5, 1, 1}).yes.sets);
  CHECK(matched_vectors(shape).yes.sets != matched_vectors({2, 20, 30, 6, 1, 0}).yes.sets);
}

TEST_CASE("matched vectors: keys alone do not tell which twin is yes") {
  const auto text = [](const MatchedVectors& pair, const OrthogonalVectors& twin) {
    std::string bits;
    for (std::size_t u = 1; u < pair.yes.sets.size(); ++u)
      for (std::size_t r = 0; r < twin.sets[u].rows; ++r)
        for (std::size_t c = 0; c < twin.dimension; ++c) bits += twin.sets[u].get(r, c) ? '1' : '0';
    return bits;
  };
  // The whole law: pairs of key sets as often in either order. The sum of (x - y)^2/(x + y) is chi-square with as many degrees of
  // freedom as there are unordered pairs.
  for (const auto& [order, rows, dimension] : {std::tuple<std::size_t, std::size_t, std::size_t>{2, 3, 3}, {3, 2, 3}}) {
    std::map<std::pair<std::string, std::string>, std::pair<double, double>> seen;
    for (std::uint64_t number = 0; number < 8000; ++number) {
      const MatchedVectors pair = matched_vectors({order, rows, dimension, 17, number, 0});
      const std::string yes = text(pair, pair.yes), no = text(pair, pair.no);
      (yes < no ? seen[{yes, no}].first : seen[{no, yes}].second) += 1;
    }
    double sum = 0;
    for (const auto& [twins, count] : seen)
      sum += (count.first - count.second) * (count.first - count.second) / (count.first + count.second);
    const auto freedom = static_cast<double>(seen.size());
    REQUIRE(freedom > 20);
    CAPTURE(order);
    CHECK(std::abs(sum - freedom) < 4 * std::sqrt(2 * freedom));
  }
  // One number at a size of use: bit changes between neighbouring columns, which showed a scan for a place that fits.
  for (const std::size_t order : {2, 3, 4}) {
    double more = 0, fewer = 0;
    for (std::uint64_t number = 0; number < 2000; ++number) {
      const MatchedVectors pair = matched_vectors({order, 12, 20, 11, number, 0});
      std::int64_t difference = 0;
      for (std::size_t u = 1; u < order; ++u)
        for (std::size_t r = 0; r < 12; ++r)
          for (std::size_t c = 1; c < 20; ++c)
            difference += (pair.yes.sets[u].get(r, c) != pair.yes.sets[u].get(r, c - 1)) -
                          (pair.no.sets[u].get(r, c) != pair.no.sets[u].get(r, c - 1));
      more += difference > 0;
      fewer += difference < 0;
    }
    CAPTURE(order);
    CHECK(std::abs(more - fewer) < 4 * std::sqrt(more + fewer));
  }
}

TEST_CASE("matched vectors: two rows and two coordinates are the least") {
  const MatchedVectors least = matched_vectors({2, 2, 2, 1, 0, 0});  // the example of the file's head
  CHECK(accepts(least.yes, least.planted));
  CHECK(!accepts(least.no, least.planted));
  CHECK(accepts(least.no, {least.planted[0], 1 - least.planted[1]}));
  CHECK_THROWS_AS(matched_vectors({2, 1, 9, 1, 0, 0}), std::invalid_argument);
  CHECK_THROWS_AS(matched_vectors({2, 9, 1, 1, 0, 0}), std::invalid_argument);
}
