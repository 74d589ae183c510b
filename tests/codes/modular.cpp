// SPDX-License-Identifier: MIT
#include "codes/modular.hpp"

#include <doctest/doctest.h>

TEST_CASE("modular: binomials, inverses and integer powers") {
  const auto binomials = gapwright::binomials_modulo(7, 12);
  CHECK(binomials[5] == std::vector<std::uint32_t>{1, 5, 3, 3, 5, 1});  // 1 5 10 10 5 1
  CHECK(binomials[7][3] == 0);
  CHECK(binomials[11][4] == 330 % 7);
  for (std::uint32_t p : {2u, 3u, 13u, 251u}) {
    for (std::uint32_t a = 1; a < p; ++a) CHECK(a * gapwright::inverse_modulo(a, p) % p == 1);
  }
  CHECK(gapwright::integer_power(7, 0) == 1);
  CHECK(gapwright::integer_power(7, 4) == 2401);
}
