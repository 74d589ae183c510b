// SPDX-License-Identifier: MIT

#include <doctest/doctest.h>
#include <hwy/targets.h>

#include <numeric>
#include <set>
#include <string>

#include "instances/orthogonal_vectors.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "verify/bit_transpose.hpp"
#include "verify/histogram.hpp"
#include "verify/low_counts.hpp"
#include "verify/scoring_kernels.hpp"

using namespace gapwright;

namespace {

BitMatrix random_bits(Random& random, std::size_t rows, std::size_t columns, std::uint64_t ones_in_8) {
  BitMatrix m(rows, columns);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) m.set(r, c, random.below(8) < ones_in_8);
  return m;
}

std::vector<const BitMatrix*> pointers(const std::vector<BitMatrix>& sets) {
  std::vector<const BitMatrix*> all;
  for (const auto& set : sets) all.push_back(&set);
  return all;
}

/// All inner products by the definition; calls visit(row, tuple without the row, product) in lexicographic order.
template <class Visit>
void enumerate(const std::vector<BitMatrix>& sets, Visit visit) {
  std::vector<std::size_t> tuple(sets.size(), 0);
  const auto all = pointers(sets);
  for (;;) {
    visit(tuple, inner_product(all, tuple));
    std::size_t u = sets.size();
    while (u-- > 0) {
      if (++tuple[u] < sets[u].rows) break;
      tuple[u] = 0;
      if (u == 0) return;
    }
  }
}

struct Shape {
  std::vector<std::size_t> rows;
  std::size_t columns;
  std::uint64_t ones_in_8;
};

void compare_with_definition(const std::vector<BitMatrix>& sets) {
  const std::size_t columns = sets[0].columns;
  std::vector<std::uint64_t> expected(sets[0].rows * (columns + 1));
  enumerate(sets, [&](const std::vector<std::size_t>& tuple, std::size_t s) { ++expected[tuple[0] * (columns + 1) + s]; });
  const ScoringIndex index = make_scoring_index(pointers(sets));
  CHECK(inner_product_histograms(index, 0, sets[0].rows) == expected);
  for (const std::size_t cut : {std::size_t{1}, std::size_t{2}, std::size_t{3}, columns + 1}) {
    const auto counts = count_below(index, cut, 0, sets[0].rows);
    for (std::size_t i = 0; i < sets[0].rows; ++i)
      for (std::size_t s = 0; s < cut && s <= columns; ++s) REQUIRE(counts[i * cut + s] == expected[i * (columns + 1) + s]);
  }
}

}  // namespace

TEST_CASE("transposing bit matrices of all shapes twice gives them back, and once gives the definition") {
  Random random(7, 0);
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{1, 1}, {3, 130}, {64, 64}, {65, 63}, {200, 70}}) {
    const BitMatrix m = random_bits(random, rows, columns, 3);
    const BitMatrix t = transposed(m);
    CHECK(transposed(t) == m);
    for (std::size_t r = 0; r < rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) REQUIRE(t.get(c, r) == m.get(r, c));
  }
}

TEST_CASE("counts and histograms equal the definition on random sets of unequal sizes, k = 2, 3, 4, 5") {
  const std::vector<Shape> shapes{{{3, 700}, 40, 4},    {{5, 513}, 130, 1},    {{2, 1100}, 9, 6},      {{4, 30, 600}, 70, 5},
                                  {{3, 520, 7}, 33, 6}, {{2, 3, 5}, 1, 4},     {{2, 6, 9, 40}, 65, 6}, {{3, 2, 4, 3, 5}, 20, 7},
                                  {{1, 1, 1}, 64, 7},   {{2, 40, 512}, 64, 7}, {{1, 300000}, 5, 7}};
  int stream = 0;
  for (const auto& shape : shapes) {
    Random random(11, static_cast<std::uint64_t>(stream++));
    std::vector<BitMatrix> sets;
    for (const std::size_t rows : shape.rows) sets.push_back(random_bits(random, rows, shape.columns, shape.ones_in_8));
    compare_with_definition(sets);
  }
}

namespace {

void compare_histograms_with_definition(const std::vector<BitMatrix>& sets) {
  const std::size_t columns = sets[0].columns;
  std::vector<std::uint64_t> expected(sets[0].rows * (columns + 1));
  enumerate(sets, [&](const std::vector<std::size_t>& tuple, std::size_t s) { ++expected[tuple[0] * (columns + 1) + s]; });
  CHECK(inner_product_histograms(make_scoring_index(pointers(sets)), 0, sets[0].rows) == expected);
}

/// Row r differs from row r - 1 in a few coordinates only, so that neighbours share columns; the first `constant` coordinates are
/// one.
BitMatrix drifting_bits(Random& random, std::size_t rows, std::size_t columns, std::size_t constant, std::uint64_t ones_in_8) {
  BitMatrix m = random_bits(random, rows, columns, ones_in_8);
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) {
      if (c < constant)
        m.set(r, c);
      else if (r > 0 && random.below(16) != 0)
        m.set(r, c, m.get(r - 1, c));
    }
  return m;
}

/// Restricts the kernels to one instruction set; gives them back all on leaving.
struct OnlyTarget {
  explicit OnlyTarget(std::int64_t target) { restrict_to(target); }
  ~OnlyTarget() { restrict_to(0); }
  OnlyTarget(const OnlyTarget&) = delete;
  OnlyTarget& operator=(const OnlyTarget&) = delete;
  static void restrict_to(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().DeInit();
  }
};

}  // namespace

TEST_CASE("histograms beyond 65535 coordinates: what counts is the ones of a prefix") {
  constexpr std::size_t kColumns = 70000;
  Random random(19, 0);
  BitMatrix full(2, kColumns), light(3, kColumns);
  for (std::size_t c = 0; c < kColumns; ++c)
    for (std::size_t r = 0; r < 2; ++r) full.set(r, c);
  for (std::size_t i = 0; i < 900; ++i) light.set(i % 3, random.below(kColumns));
  const BitMatrix half = random_bits(random, 4, kColumns, 4);
  compare_histograms_with_definition({half, full});
  compare_histograms_with_definition({half, half, full});
  compare_histograms_with_definition({full, light, half});
  CHECK_THROWS_AS(inner_product_histograms(make_scoring_index({&full, &half}), 0, 2), LimitReached);
  CHECK_THROWS_AS(inner_product_histograms(make_scoring_index({&full, &full, &light}), 0, 2), LimitReached);
}

TEST_CASE("histograms of all dimensions equal the definition, with trees of masks whole and ragged, shared and not") {
  struct Case {
    std::vector<std::size_t> rows;
    std::size_t columns, constant;  // coordinates, and how many of them are one in every vector
    std::uint64_t ones_in_8;
  };
  const std::vector<Case> shapes{{{1, 16, 520}, 15, 0, 7},   {{2, 17, 513}, 31, 3, 7},    {{2, 31, 512}, 33, 1, 7},
                                 {{1, 33, 40}, 63, 0, 8},    {{2, 47, 65}, 64, 20, 7},    {{1, 15, 700}, 127, 9, 7},
                                 {{1, 5, 1030}, 129, 64, 6}, {{1, 18, 100}, 200, 130, 7}, {{1, 19, 30}, 1000, 700, 7},
                                 {{2, 600}, 1000, 90, 7},    {{1, 1050, 3}, 70, 4, 6},    {{1, 3, 20, 9}, 90, 5, 7}};
  int stream = 0;
  for (const auto& shape : shapes)
    for (const bool drifting : {true, false}) {
      Random random(23, static_cast<std::uint64_t>(stream++));
      std::vector<BitMatrix> sets;
      for (const std::size_t rows : shape.rows)
        sets.push_back(drifting ? drifting_bits(random, rows, shape.columns, shape.constant, shape.ones_in_8)
                                : random_bits(random, rows, shape.columns, shape.ones_in_8));
      compare_histograms_with_definition(sets);
    }
}

TEST_CASE("counts and histograms equal the definition on every instruction set of this machine") {
  std::set<std::string> seen;
  for (std::int64_t targets = hwy::SupportedTargets(); targets != 0; targets &= targets - 1) {
    const OnlyTarget only(targets & -targets);
    seen.insert(kernels::target_name());
    Random random(29, 0);
    for (const std::size_t columns : {20, 63, 130, 300})
      for (const std::size_t rows : {std::size_t{9}, std::size_t{1100}})
        compare_with_definition({random_bits(random, 2, columns, 7), drifting_bits(random, 21, columns, 6, 6),
                                 drifting_bits(random, rows, columns, 4, 6)});
  }
  CHECK(seen.size() >= 2);  // the restriction is obeyed
}

TEST_CASE("counts on structured sets, where whole blocks are excluded or look alike, equal the definition") {
  Random random(13, 0);
  for (int round = 0; round < cases(8); ++round) {
    const std::size_t columns = 20 + random.below(60);
    std::vector<BitMatrix> sets;
    for (const std::size_t rows : {std::size_t{3}, 5 + random.below(20), 1 + random.below(1500)}) {
      BitMatrix m(rows, columns);
      const BitMatrix pattern = random_bits(random, rows / 256 + 1, columns, 5);
      const std::size_t varying = random.below(columns);
      for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) m.set(r, c, c < varying ? pattern.get(r / 256, c) : random.below(4) == 0);
      sets.push_back(std::move(m));
    }
    compare_with_definition(sets);
  }
}

TEST_CASE("the first tuple below a cut is the lexicographically first, or there is none") {
  for (int round = 0; round < cases(30); ++round) {
    Random random(17, static_cast<std::uint64_t>(round));
    std::vector<BitMatrix> sets;
    const std::size_t order = 2 + random.below(3);
    for (std::size_t u = 0; u < order; ++u)
      sets.push_back(random_bits(random, 1 + random.below(u + 1 == order ? 600 : 12), 24, 6));
    const ScoringIndex index = make_scoring_index(pointers(sets));
    for (const std::size_t cut : {std::size_t{1}, std::size_t{3}, std::size_t{6}}) {
      std::vector<std::optional<std::vector<std::size_t>>> expected(sets[0].rows);
      enumerate(sets, [&](const std::vector<std::size_t>& tuple, std::size_t s) {
        if (s < cut && !expected[tuple[0]]) expected[tuple[0]].emplace(tuple.begin() + 1, tuple.end());
      });
      for (std::size_t row = 0; row < sets[0].rows; ++row) REQUIRE(first_tuple_below(index, cut, row) == expected[row]);
    }
  }
}

TEST_CASE("a tuple count of 2^63 or more per row is refused") {
  std::vector<BitMatrix> sets(5, BitMatrix(1 << 16, 1));
  sets[0] = BitMatrix(1, 1);
  CHECK_THROWS_AS(count_below(make_scoring_index(pointers(sets)), 1, 0, 1), LimitReached);
  sets.pop_back();  // 2^48 tuples that all look alike are counted at once
  CHECK(count_below(make_scoring_index(pointers(sets)), 1, 0, 1) == std::vector<std::uint64_t>{std::uint64_t{1} << 48});
}

TEST_CASE("counting stops when asked to, whatever the number of threads") {
  Random random(19, 0);
  const std::vector<BitMatrix> sets{random_bits(random, 400, 40, 4), random_bits(random, 300, 40, 4)};
  const ScoringIndex index = make_scoring_index(pointers(sets));
  std::atomic<int> stop{RunControl::interrupted};
  CHECK_THROWS_AS(count_below(index, 1, 0, 400, {.threads = 2, .stop = &stop, .progress = {}}), Interrupted);
  stop = RunControl::timed_out;
  CHECK_THROWS_AS(inner_product_histograms(index, 0, 400, {.threads = 1, .stop = &stop, .progress = {}}), LimitReached);
  CHECK(count_below(index, 2, 0, 400, {.threads = 1, .stop = nullptr, .progress = {}}) ==
        count_below(index, 2, 0, 400, {.threads = 2, .stop = nullptr, .progress = {}}));
}
