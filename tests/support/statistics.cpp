// SPDX-License-Identifier: MIT
#include "support/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace gapwright;

TEST_CASE("Clopper-Pearson: closed forms at the ends, known values between, and coverage") {
  CHECK(proportion_interval(10, 10).lo == doctest::Approx(std::pow(0.025, 0.1)).epsilon(1e-10));
  CHECK(proportion_interval(10, 10).hi == 1);
  CHECK(proportion_interval(0, 7).hi == doctest::Approx(1 - std::pow(0.025, 1.0 / 7)).epsilon(1e-10));
  CHECK(proportion_interval(0, 0).lo == 0);
  CHECK(proportion_interval(0, 0).hi == 1);
  CHECK(proportion_interval(5, 10).lo == doctest::Approx(0.1870860).epsilon(1e-6));  // beta quantiles, as tabulated
  CHECK(proportion_interval(5, 10).hi == doctest::Approx(0.8129140).epsilon(1e-6));
  for (const double p : {0.1, 0.5, 0.83}) {  // exact coverage by summing over all outcomes of 12 trials
    double covered = 0;
    for (std::size_t x = 0; x <= 12; ++x) {
      const ProportionInterval i = proportion_interval(x, 12);
      if (i.lo <= p && p <= i.hi)
        covered +=
            std::exp(std::lgamma(13) - std::lgamma(x + 1.0) - std::lgamma(13.0 - x)) * std::pow(p, x) * std::pow(1 - p, 12.0 - x);
    }
    CHECK(covered >= 0.95);
    CHECK(covered < 0.9999);
  }
}

TEST_CASE(
    "the interval of a mean: closed forms at the ends, and coverage whatever the twins of a pair have to do with each other") {
  CHECK(mean_interval(1, 10).lo == doctest::Approx(std::pow(0.025, 0.1)).epsilon(1e-10));
  CHECK(mean_interval(1, 10).hi == 1);
  CHECK(mean_interval(0, 7).hi == doctest::Approx(1 - std::pow(0.025, 1.0 / 7)).epsilon(1e-10));
  CHECK(mean_interval(0.5, 0).lo == 0);
  CHECK(mean_interval(0.5, 0).hi == 1);
  const auto choose = [](double n, double x) {
    return std::exp(std::lgamma(n + 1) - std::lgamma(x + 1) - std::lgamma(n - x + 1));
  };
  // Pairs both right, one right, none right with probabilities a, b, 1 - a - b: coverage summed over all outcomes of 8 pairs.
  double least = 1, least_by_decisions = 1;
  for (const auto& [a, b] : {std::pair{0.8, 0.0}, {0.5, 0.0}, {0.3, 0.0}, {0.0, 1.0}, {0.2, 0.6}, {0.45, 0.1}, {0.9, 0.1}}) {
    double covered = 0, by_decisions = 0;
    for (std::size_t both = 0; both <= 8; ++both)
      for (std::size_t one = 0; both + one <= 8; ++one) {
        const std::size_t none = 8 - both - one;
        const double mass =
            choose(8, both) * choose(8.0 - both, one) * std::pow(a, both) * std::pow(b, one) * std::pow(1 - a - b, none);
        const std::size_t right = 2 * both + one;
        const auto within = [&](const ProportionInterval& i) { return i.lo <= a + b / 2 && a + b / 2 <= i.hi; };
        covered += within(mean_interval(static_cast<double>(right) / 16, 8)) * mass;
        by_decisions += within(proportion_interval(right, 16)) * mass;
      }
    least = std::min(least, covered);
    least_by_decisions = std::min(least_by_decisions, by_decisions);
  }
  CHECK(least >= 0.95);
  CHECK(least_by_decisions < 0.95);  // as if all 16 decisions were independent
}

TEST_CASE("fitted exponent: exact for powers, and nothing where no line is determined") {
  CHECK(*fitted_exponent({{2, 3 * std::pow(2, 1.7)}, {5, 3 * std::pow(5, 1.7)}, {11, 3 * std::pow(11, 1.7)}}) ==
        doctest::Approx(1.7));
  CHECK(!fitted_exponent({{4, 1}}));
  CHECK(!fitted_exponent({{4, 1}, {4, 2}}));
  CHECK(!fitted_exponent({{4, 1}, {8, 0}}));
  CHECK(!fitted_exponent({}));
}
