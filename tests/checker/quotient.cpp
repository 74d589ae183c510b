// SPDX-License-Identifier: MIT
// Floors of outputs that no precision in reach tells from a multiple of 2^-w.
#include "checker/quotient.hpp"

#include <doctest/doctest.h>

#include "checker/errors.hpp"

using checker::Quotient;

namespace {

struct Term {
  mpq_class score, above, below;
};

mpz_class floor_of(const std::vector<Term>& terms, unsigned long width = 64) {
  Quotient q;
  for (const Term& t : terms) q.add(t.score, t.above, t.below);
  return q.scaled_floor(width);
}

mpq_class ten_to(unsigned long exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), 10, exponent);
  return power;
}

}  // namespace

TEST_CASE("checker quotient: a weight of e^(-10^9) and one of e^(-10^300) are above 0") {
  const mpz_class one = mpz_class(1) << 64;
  for (const unsigned long exponent : {3UL, 9UL, 18UL, 19UL, 300UL, 3000UL}) {
    CAPTURE(exponent);
    const mpq_class far = -ten_to(exponent), farther = 2 * far;
    CHECK(floor_of({{0, 1, 1}, {far, 0, 1}}) == one - 1);  // below 1
    CHECK(floor_of({{0, 1, 1}, {far, 1, 1}}) == one);      // exactly 1
    CHECK(floor_of({{0, 1, 1}, {far, 2, 1}}) == one);      // above 1
    CHECK(floor_of({{0, 0, 1}, {far, 1, 1}}) == 0);        // above 0
    CHECK(floor_of({{0, 0, 1}, {far, -1, 1}}) == -1);      // below 0
    CHECK(floor_of({{0, 1, 2}, {far, 0, 1}}) == one / 2 - 1);
    CHECK(floor_of({{0, 3, 2}, {far, 1, 1}}) == one * 3 / 2 - 1);
    CHECK(floor_of({{0, 1, 1}, {far, 1, 1}, {farther, 0, 7}}) == one - 1);  // the middle term is even
    CHECK(floor_of({{0, 1, 1}, {far, 1, 1}, {farther, 8, 7}}) == one);
    CHECK(floor_of({{far, 1, 1}, {farther, 0, 1}}) == one - 1);
    CHECK(floor_of({{0, 1, 1}, {far, 0, 1}, {far, 2, 1}}) == one);  // equal scores are one term
  }
  CHECK(floor_of({{0, 1, 1}, {-ten_to(9), -ten_to(400), 1}}) == one - 1);  // a large coefficient of a small weight
}

TEST_CASE("checker quotient: a rest as large as the first term takes more precision") {
  // with u = e^-t, the numerator less the denominator is 1 - 3 u + 2 u^2 = (1 - u) (1 - 2 u) < 0, about -10^-400; then its negative
  const mpq_class t = 1 / ten_to(400);
  const mpz_class one = mpz_class(1) << 64;
  CHECK(floor_of({{0, 2, 1}, {-t, -2, 1}, {-2 * t, 3, 1}}) == one - 1);
  CHECK(floor_of({{0, 0, 1}, {-t, 4, 1}, {-2 * t, -1, 1}}) == one);
  CHECK(floor_of({{0, 1, 1}, {-1, 0, 1}}, 1 << 17) > 0);  // wide grids keep their own room
  CHECK_THROWS_AS(floor_of({}), checker::Limit);
}
