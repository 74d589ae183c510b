// SPDX-License-Identifier: MIT
#include "verify/decision_bytes.hpp"

#include <doctest/doctest.h>

#include "verify/factored_attention.hpp"

using namespace gapwright;

TEST_CASE("decision bytes: from sizes alone, and never below what the index of the vectors takes") {
  CHECK(tuples_of(std::vector<BitMatrix>{BitMatrix(300, 5), BitMatrix(1, 5), BitMatrix(7, 5)}) == 2100);
  CHECK(tuples_of(std::vector<BitMatrix>{BitMatrix(300, 5), BitMatrix(0, 5)}) == 0);
  CHECK(decision_bytes(std::vector<BitMatrix>{BitMatrix(300, 65), BitMatrix(1, 65)}) == 301 * 2 * 8 * 6);
  CHECK(decision_bytes(std::vector<BitMatrix>{BitMatrix(300, 0)}) == 300 * 8 * 6);  // a row without columns still has its place
  const GapMaxIp gap{70, {BitMatrix(4, 70), BitMatrix(3, 70)}, {2, 1}, {}};
  CHECK(decision_bytes(gap) == 7 * 2 * 8 * 6 + 4 * 71 * 8);
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
