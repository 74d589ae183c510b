// SPDX-License-Identifier: MIT
#include "verify/remainder_certificate.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "support/philox.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

TEST_CASE("remainder bounds hold on a fine grid and are attained on it") {
  for (int round = 0; round < cases(12); ++round) {
    Random random(311, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + 2 * random.below(3);
    const double centre = random.unit() - 0.5, lo = centre - 2 * random.unit(), hi = centre + 2 * random.unit();
    // Taylor's polynomial about 0 of e^{x - centre}, with random coefficients from `order` on, in powers of x.
    std::vector<long double> p(order + random.below(3));
    std::vector<long double> in_y(p.size());
    long double inverse = 1;
    for (std::size_t j = 0; j < in_y.size(); ++j) {
      if (j > 0) inverse /= static_cast<long double>(j);
      in_y[j] = j < order ? inverse : inverse * (1 + static_cast<long double>(random.unit()));
    }
    for (std::size_t j = in_y.size(); j-- > 0;) {
      for (std::size_t m = p.size(); m-- > 0;) p[m] = (m > 0 ? p[m - 1] : 0) - centre * p[m];
      p[0] += in_y[j];
    }
    const std::vector<double> rounded(p.begin(), p.end());
    const RemainderBound bound = exponential_remainder_bound(rounded, centre, order, lo, hi);
    CAPTURE(round);
    REQUIRE(bound.constant.get_d() < 1e-12);
    double closest = 0;
    constexpr int kGrid = 5000;
    for (int g = 0; g <= kGrid; ++g) {
      const long double x = lo + (hi - lo) * static_cast<long double>(g) / kGrid, y = x - centre;
      long double value = 0;
      for (std::size_t m = rounded.size(); m-- > 0;) value = value * x + rounded[m];
      const auto wrong = static_cast<double>(std::abs(value - std::exp(y)));
      const auto power = static_cast<double>(std::pow(std::abs(y), static_cast<long double>(order)));
      REQUIRE(wrong <= bound.factor.get_d() * power + bound.constant.get_d() + 1e-17);
      if (power > 1e-8) closest = std::max(closest, wrong / (bound.factor.get_d() * power));
    }
    REQUIRE(closest > 0.95);
  }
}

TEST_CASE("the remainder of 1 + x is e - 2 on [-1, 1], and a wrong low coefficient is in the constant") {
  const RemainderBound bound = exponential_remainder_bound(std::vector<double>{1, 1}, 0, 2, -1, 1);
  CHECK(bound.factor.get_d() == doctest::Approx(std::exp(1) - 2).epsilon(0.01));
  CHECK(bound.factor.get_d() >= std::exp(1) - 2);
  CHECK(bound.constant.get_d() < 1e-50);
  CHECK(exponential_remainder_bound(std::vector<double>{1, 1.25}, 0, 2, -1, 1).constant.get_d() == doctest::Approx(0.25));
  CHECK_THROWS_AS(exponential_remainder_bound(std::vector<double>{1}, 0, 2, 1, -1), std::invalid_argument);
  CHECK_THROWS_AS(exponential_remainder_bound(std::vector<double>{1}, 0, 3, -1, 1), std::invalid_argument);
  CHECK_THROWS_AS(exponential_remainder_bound(std::vector<double>{1}, 0, 2, -50, 1), std::invalid_argument);
}
