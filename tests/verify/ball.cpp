// SPDX-License-Identifier: MIT
#include "verify/ball.hpp"

#include <doctest/doctest.h>

#include "reductions/real_bounds.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {
mpq_class random_rational(Random& random) {
  mpq_class q(mpz_class(random.below(2'000'001)) - 1'000'000, mpz_class(1 + random.below(1'000'000)));
  q.canonicalize();
  return q;
}
}  // namespace

TEST_CASE("balls contain the exact rational result of every operation and are tight") {
  for (int round = 0; round < cases(300); ++round) {
    Random random(43, static_cast<std::uint64_t>(round));
    const mpq_class x = random_rational(random), y = random_rational(random);
    const long precision = 30 + static_cast<long>(random.below(200));
    const Ball a = Ball::around(x, precision), b = Ball::around(y, precision);
    const auto check = [&](const Ball& ball, const mpq_class& exact) {
      REQUIRE(lower(ball) <= exact);
      REQUIRE(upper(ball) >= exact);
      mpq_class scale(1);
      mpq_mul_2exp(scale.get_mpq_t(), scale.get_mpq_t(), static_cast<mp_bitcnt_t>(precision - 8));
      REQUIRE((upper(ball) - lower(ball)) * scale <= 1 + 4 * (abs(exact) + abs(x) + abs(y)));
    };
    check(a, x);
    check(add(a, b, precision), x + y);
    check(multiply(a, b, precision), x * y);
    if (abs(y) > 1) check(divide(a, b, precision), x / y);
  }
}

TEST_CASE("the exponential in balls and the one in correctly rounded MPFR overlap to the last bits") {
  for (int round = 0; round < cases(100); ++round) {
    Random random(47, static_cast<std::uint64_t>(round));
    const mpq_class x = random_rational(random) / 10'000;
    const Ball ball = exp(Ball::around(x, 160), 160);
    const RealBounds bounds = exp_bounds(x);
    REQUIRE(lower(ball) <= bounds.upper);
    REQUIRE(bounds.lower <= upper(ball));
    REQUIRE(mpq_class((upper(ball) - lower(ball)) / lower(ball)).get_d() < 1e-40);
  }
}

TEST_CASE("doubles and integers become exact balls, unbounded balls have no bounds") {
  CHECK(lower(Ball::exactly(0.1)) == mpq_class(0.1));
  CHECK(upper(Ball::exactly(0.1)) == mpq_class(0.1));
  CHECK(lower(Ball::exactly(~std::uint64_t{0})) == mpq_class(mpz_class("18446744073709551615")));
  CHECK_THROWS_AS(lower(divide(Ball::exactly(1.0), Ball(), 64)), std::domain_error);
  CHECK_FALSE(overlap(Ball::exactly(1.0), Ball::exactly(1.5)));
}
