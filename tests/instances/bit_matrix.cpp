// SPDX-License-Identifier: MIT
#include "instances/bit_matrix.hpp"

#include <doctest/doctest.h>

using gapwright::BitMatrix;

TEST_CASE("bit matrix: set, clear and read across word boundaries") {
  BitMatrix m(3, 130);
  CHECK(m.words_per_row == 3);
  m.set(1, 63);
  m.set(1, 64);
  m.set(2, 129);
  CHECK(m.get(1, 63));
  CHECK(m.get(1, 64));
  CHECK_FALSE(m.get(0, 64));
  CHECK(m.row(2)[2] == 2);
  m.set(1, 64, false);
  CHECK_FALSE(m.get(1, 64));
  CHECK(m.get(1, 63));
}
