// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <set>

#include "codes/curve_check.hpp"
#include "codes/evaluation_code.hpp"
#include "codes/families.hpp"
#include "codes/minimum_distance.hpp"
#include "tests/support.hpp"

namespace gapwright {
namespace {

CurvePointer norm_trace(std::int64_t q) { return curve_of({"norm-trace", {q}}); }

}  // namespace

TEST_CASE("norm-trace: all points of the affine curve, each once") {
  for (const std::uint32_t q : {2u, 3u, 4u, 5u}) {
    CAPTURE(q);
    const CurvePointer curve = norm_trace(q);
    const Field& field = curve->field();
    REQUIRE(field.size() == q * q * q);
    CHECK(curve->length() == q * q * q * q * q);
    std::set<std::pair<Symbol, Symbol>> seen;
    for (std::size_t n = 0; n < curve->length(); ++n) {
      const Symbol x = curve->points().at(n, 0), y = curve->points().at(n, 1);
      seen.insert({x, y});
      const Symbol trace = field.add(field.add(field.power(y, q * q), field.power(y, q)), y);
      REQUIRE(trace == field.power(x, q * q + q + 1));
    }
    CHECK(seen.size() == curve->length());
    if (q > 3) continue;
    std::size_t solutions = 0;  // of all pairs
    for (std::uint32_t x = 0; x < field.size(); ++x)
      for (std::uint32_t y = 0; y < field.size(); ++y) {
        const auto a = static_cast<Symbol>(x), b = static_cast<Symbol>(y);
        solutions += field.add(field.add(field.power(b, q * q), field.power(b, q)), b) == field.power(a, q * q + q + 1);
      }
    CHECK(solutions == curve->length());
  }
}

TEST_CASE("norm-trace: pole orders are distinct, and those by numbers are those of the functions") {
  for (const std::int64_t q : {2, 3, 4, 5, 7}) {
    CAPTURE(q);
    const CurvePointer curve = norm_trace(q);
    const CodeFamily& family = code_family("norm-trace");
    const std::size_t genus = curve->genus(), top = 2 * genus + 50;
    CHECK(genus == static_cast<std::size_t>((q * q - 1) * (q * q + q) / 2));
    const std::vector<std::size_t> orders = curve->pole_orders(top);
    CHECK(std::set<std::size_t>(orders.begin(), orders.end()).size() == orders.size());
    CHECK(orders == curve->semigroup(top));
    CHECK(orders == family.semigroup_of({q}, top));
    CHECK(orders.size() == top + 1 - genus);                        // as many gaps as the genus
    CHECK(curve->semigroup(2 * genus - 1).back() < 2 * genus - 1);  // the largest gap
  }
}

TEST_CASE("norm-trace: dimension and product closure") {
  for (const std::int64_t q : {2, 3}) {
    CAPTURE(q);
    const CurvePointer curve = norm_trace(q);
    const std::size_t genus = curve->genus(), degree = 2 * genus + 3;
    const EvaluationCode code = evaluation_code(curve, degree);
    CHECK(code.dimension() == genus + 4);
    CHECK(code.information_set.size() == code.dimension());
    const CurveCheck check = check_curve(*curve, degree_to_check(*curve));
    CHECK(check.products > 0);
    CHECK(check.target_rank_expected < curve->length());
    CHECK(check.passed());
  }
}

TEST_CASE("norm-trace: the example q = 2, with exact distances") {
  const CurvePointer curve = norm_trace(2);
  CHECK(curve->length() == 32);
  CHECK(curve->genus() == 9);
  CHECK(curve->semigroup(18) == std::vector<std::size_t>{0, 4, 7, 8, 11, 12, 14, 15, 16, 18});
  for (const std::size_t degree : {4, 7, 8}) {  // x - a, y - b and (x - a)(x - c) have as many zeros as their order
    CAPTURE(degree);
    CHECK(minimum_distance(evaluation_code(curve, degree)) == 32 - degree);
  }
}

TEST_CASE("norm-trace: q that is not a prime power or too large is refused, and it is tried only by name") {
  for (const std::int64_t q : {-2, 0, 1, 6, 10, 11}) {
    CAPTURE(q);
    CHECK(test::message_of<std::invalid_argument>([&] { norm_trace(q); }).find("prime powers from 2 to 9") != std::string::npos);
  }
  CHECK(code_family("norm-trace").only_by_name);
}

}  // namespace gapwright
