// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <set>

#include "codes/curve_check.hpp"
#include "codes/evaluation_code.hpp"
#include "codes/minimum_distance.hpp"
#include "tests/codes/random.hpp"

using namespace gapwright;

TEST_CASE("hermitian: all points of the affine curve, each once") {
  for (std::uint32_t q : {2u, 3u, 4u, 5u, 7u, 8u}) {
    CAPTURE(q);
    const CurvePointer curve = hermitian(q);
    const Field& field = curve->field();
    CHECK(curve->length() == q * q * q);
    std::set<std::pair<Symbol, Symbol>> seen;
    for (std::size_t n = 0; n < curve->length(); ++n) {
      const Symbol x = curve->points().at(n, 0);
      const Symbol y = curve->points().at(n, 1);
      seen.insert({x, y});
      REQUIRE(field.add(field.power(y, q), y) == field.power(x, q + 1));
    }
    CHECK(seen.size() == curve->length());
  }
}

TEST_CASE("hermitian: genus, semigroup, dimension and closure") {
  for (std::uint32_t q : {2u, 3u, 4u, 5u, 7u, 8u}) {
    CAPTURE(q);
    const CurvePointer curve = hermitian(q);
    const std::size_t genus = q * (q - 1) / 2;
    CHECK(curve->genus() == genus);
    const std::size_t top = curve->length() + 7;
    CHECK(curve->pole_orders(top) == curve->semigroup(top));
    CHECK(curve->semigroup(top).size() == top + 1 - genus);  // as many gaps as the genus
    const EvaluationCode code = evaluation_code(curve, 2 * genus + 3);
    CHECK(code.dimension() == genus + 4);
    CHECK(code.information_set.size() == code.dimension());
    const CurveCheck check = check_curve(*curve, degree_to_check(*curve));
    CHECK(check.degree >= 2 * genus);
    CHECK(check.target_rank_expected < curve->length());
    CHECK(check.passed());
  }
}

TEST_CASE("hermitian: the example q = 2") {
  const CurvePointer curve = hermitian(2);
  CHECK(curve->length() == 8);
  CHECK(curve->semigroup(5) == std::vector<std::size_t>{0, 2, 3, 4, 5});
  const EvaluationCode code = evaluation_code(curve, 4);
  CHECK(code.dimension() == 4);
  CHECK(minimum_distance(code) == 4);
}

TEST_CASE("hermitian: q that is not a prime power or too large is refused") {
  for (std::int64_t q : {-2, 0, 1, 6, 10, 257}) {
    CAPTURE(q);
    CHECK(refuses_saying([&] { hermitian(q); }, "prime powers from 2 to 256"));
  }
}
