// SPDX-License-Identifier: MIT
#include "verify/polynomial_certificate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "support/philox.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

TEST_CASE("ratio bounds contain a fine grid and are attained on it") {
  for (int round = 0; round < cases(25); ++round) {
    Random random(301, static_cast<std::uint64_t>(round));
    std::vector<double> p(1 + random.below(7));
    for (double& c : p) c = 4 * random.unit() - 2;
    const double lo = 3 * random.unit() - 2, hi = lo + 4 * random.unit();
    const Base base = random.bit() ? Base::e : Base::two;
    const RatioBounds bounds = exponential_ratio_bounds(p, mpq_class(lo), mpq_class(hi), base);
    double least = 1e300, most = -1e300;
    constexpr int kGrid = 20000;
    for (int g = 0; g <= kGrid; ++g) {
      const double x = lo + (hi - lo) * g / kGrid;
      double value = 0;
      for (std::size_t m = p.size(); m-- > 0;) value = value * x + p[m];
      value *= base == Base::e ? std::exp(-x) : std::exp2(-x);
      least = std::min(least, value);
      most = std::max(most, value);
    }
    CAPTURE(round);
    const double scale = std::max(std::abs(least), std::abs(most));
    REQUIRE(bounds.least.get_d() <= least + 1e-13 * scale);
    REQUIRE(bounds.most.get_d() >= most - 1e-13 * scale);
    REQUIRE(bounds.least.get_d() > least - 1e-5 * scale);
    REQUIRE(bounds.most.get_d() < most + 1e-5 * scale);
  }
}

TEST_CASE("ratio bounds of the constant 1 on [0, 1] are 1/e and 1, and a bump between grid points is seen") {
  const std::vector<double> one{1};
  const RatioBounds bounds = exponential_ratio_bounds(one, 0, 1);
  CHECK(bounds.boxes == 0);
  CHECK(bounds.most >= 1);
  CHECK(mpq_class(bounds.most - 1).get_d() < 1e-60);
  CHECK(bounds.least.get_d() == doctest::Approx(std::exp(-1)).epsilon(1e-15));
  const std::vector<double> square{0, 0, 1};  // x^2 e^{-x}: largest at 2
  const RatioBounds bump = exponential_ratio_bounds(square, 0, 5);
  CHECK(bump.boxes > 0);
  CHECK(bump.most.get_d() == doctest::Approx(4 * std::exp(-2)).epsilon(1e-15));
  CHECK(mpq_class(abs(bump.least)).get_d() < 1e-12);
  CHECK_THROWS_AS(exponential_ratio_bounds(one, 1, 0), std::invalid_argument);
  CHECK_THROWS_AS(exponential_ratio_bounds({}, 0, 1), std::invalid_argument);
}
