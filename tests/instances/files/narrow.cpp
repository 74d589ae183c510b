// SPDX-License-Identifier: MIT
#include "instances/files/narrow.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/philox.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

TEST_CASE("narrow types: rounding is to the nearest, and bytes come back as written") {
  Random random(71, 0);
  for (const Dtype dtype : {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16})
    for (int round = 0; round < cases(400); ++round) {
      const double x = std::ldexp(2 * random.unit() - 1, static_cast<int>(random.below(28)) - 14);
      const double y = rounded_to(dtype, x);
      std::vector<std::byte> bytes;
      append_bytes(dtype, y, bytes);
      REQUIRE(bytes.size() == size_of(dtype));
      REQUIRE(element(Tensor{"x", dtype, {1}, bytes}, 0) == y);
      REQUIRE(rounded_to(dtype, y) == y);
      REQUIRE(std::abs(x - y) <= std::ldexp(std::max(std::abs(x), 0x1p-14), -significand_bits(dtype)));
    }
  CHECK(rounded_to(Dtype::bf16, 1 + 0x1p-8) == 1);  // a tie goes to the even neighbour
  CHECK(rounded_to(Dtype::bf16, 1 + 3 * 0x1p-8) == 1 + 0x1p-6);
  CHECK(rounded_to(Dtype::f16, 0x1p-24 * 1.4) == 0x1p-24);  // the smallest subnormal
  CHECK_THROWS_AS(significand_bits(Dtype::i32), std::invalid_argument);
}
