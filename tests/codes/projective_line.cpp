// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "codes/evaluation_code.hpp"
#include "tests/codes/random.hpp"

using namespace gapwright;

TEST_CASE("projective line: the example over F_5") {
  const EvaluationCode code = evaluation_code(projective_line(5), 2);
  CHECK(code.generator.symbols == std::vector<Symbol>{1, 1, 1, 1, 1, 0, 1, 2, 3, 4, 0, 1, 4, 4, 1});
  CHECK(code.curve->genus() == 0);
  CHECK(designed_distance(code) == 3);
}

TEST_CASE("projective line: any set of points, in the order given") {
  const std::vector<std::uint64_t> points{7, 2, 5};
  const CurvePointer curve = projective_line(9, points);
  CHECK(curve->length() == 3);
  CHECK(curve->points().symbols == std::vector<Symbol>{7, 2, 5});
  const Field field(9);
  CHECK(curve->basis_at_points(2).at(2, 0) == field.multiply(7, 7));
  CHECK(projective_line_with_length(101, 40)->length() == 40);
}

TEST_CASE("projective line: bad points are refused") {
  const std::vector<std::uint64_t> repeated{1, 4, 1};
  const std::vector<std::uint64_t> outside{1, 5};
  CHECK(refuses_saying([&] { projective_line(7, repeated); }, "point 1 is repeated"));
  CHECK(refuses_saying([&] { projective_line(5, outside); }, "allowed are 0 to 4"));
  CHECK(refuses_saying([] { projective_line(5, std::span<const std::uint64_t>{}); }, "at least one point"));
  CHECK(refuses_saying([] { projective_line_with_length(16, 17); }, "allowed are 1 to 16"));
  CHECK(refuses_saying([] { projective_line_with_length(16, -1); }, "allowed are 1 to 16"));
  CHECK(refuses_saying([] { projective_line(10); }, "prime powers"));
}
