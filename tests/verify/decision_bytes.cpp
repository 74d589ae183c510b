// SPDX-License-Identifier: MIT
#include "verify/decision_bytes.hpp"

#include <doctest/doctest.h>

#include "verify/factored_attention.hpp"
#include "verify/scoring_index.hpp"

using namespace gapwright;

namespace {

std::size_t bytes_of(const ScoringIndex& index) {
  std::size_t words = 0;
  for (const ScoringSet& set : index.sets) {
    for (const ScoringLevel& level : set.levels) words += level.all_ones.size() + level.some_one.size() + level.slices.size();
    words += set.all_ones.size() + set.some_one.size();
  }
  return words * 8;
}

}  // namespace

TEST_CASE("decision bytes: of attention by bits, each pair of values that occurs has its index") {
  BitAttention a;
  a.queries = BitMatrix(3, 1000);
  a.keys = {BitMatrix(4, 1000), BitMatrix(5, 1000)};
  a.values = {{1, 1, 1, 1}, {1, 1, 1, 1, 1}};
  const mpz_class one = decision_bytes(a);
  CHECK(one >= 3 * 3 * 1000 * 8);
  a.values[1][2] = 0;
  const mpz_class two = decision_bytes(a);
  a.values[0][0] = 0;
  CHECK(decision_bytes(a) - two == 2 * (two - one));
}

TEST_CASE("decision bytes: from sizes alone, and never below what the index of the vectors takes") {
  CHECK(tuples_of(std::vector<BitMatrix>{BitMatrix(300, 5), BitMatrix(1, 5), BitMatrix(7, 5)}) == 2100);
  CHECK(tuples_of(std::vector<BitMatrix>{BitMatrix(300, 5), BitMatrix(0, 5)}) == 0);
  CHECK(decision_bytes(std::vector<BitMatrix>{BitMatrix(2000, 64), BitMatrix(1, 64)}) == 2000 * 8 * 6 + 64 * (64 + 16 + 32));
  CHECK(decision_bytes(std::vector<BitMatrix>{BitMatrix(300, 0)}) == 300 * 8 * 6);  // a row without columns still has its place
  const GapMaxIp gap{70, {BitMatrix(4, 70), BitMatrix(3, 70)}, {2, 1}, {}};
  CHECK(decision_bytes(gap) == 2 * 70 * (64 + 16 + 32) + 4 * 71 * 8);
  for (const auto& [rows, columns] : {std::pair<std::size_t, std::size_t>{1, 1},
                                      {8, 100'000},
                                      {64, 5000},
                                      {65, 3000},
                                      {511, 700},
                                      {513, 700},
                                      {5000, 64},
                                      {300'000, 1}}) {
    const std::vector<BitMatrix> sets(3, BitMatrix(rows, columns));
    CAPTURE(rows);
    CHECK(decision_bytes(sets) >= bytes_of(make_scoring_index({&sets[0], &sets[1], &sets[2]})));
  }
}

TEST_CASE("decision bytes: the table of multiples has 32 vectors at least, and no more than there are") {
  CHECK(multiples_bytes(1024, 1, 1024, 3) == mpz_class(1024) * 1024 * 10 * 2 * 32);  // 671 MB, over 1,024 symbols
  CHECK(multiples_bytes(5, 4, 5, 1000) == 5 * 4 * 5 * 2 * 1024);
  CHECK(multiples_bytes(5, 4, 25, 1'000'000) == 5 * 4 * 25 * 2 * 2 * 4096);
  CHECK(multiples_bytes(5, 4, 5, 0) == 0);
}

TEST_CASE("decision bytes: balls grow with the precision and the threads") {
  Attention a;
  a.q = Matrix(5, 4);
  a.keys = {Matrix(3, 4)};
  a.values = {Matrix(3, 2)};
  CHECK(ball_bytes(a, 128, 1) == (4 + 2) * 2 * (64 + 16) + 5 * 2 * 24);
  CHECK(ball_bytes(a, 128, 3) - ball_bytes(a, 128, 2) == (4 + 2) * 2 * (64 + 16));
  CHECK(ball_bytes(a, 1 << 20, 1) > ball_bytes(a, 128, 1));
}
