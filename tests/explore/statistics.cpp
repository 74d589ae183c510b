#include "explore/statistics.hpp"

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

TEST_CASE("fitted exponent: exact for powers, and nothing where no line is determined") {
  CHECK(*fitted_exponent({{2, 3 * std::pow(2, 1.7)}, {5, 3 * std::pow(5, 1.7)}, {11, 3 * std::pow(11, 1.7)}}) ==
        doctest::Approx(1.7));
  CHECK(!fitted_exponent({{4, 1}}));
  CHECK(!fitted_exponent({{4, 1}, {4, 2}}));
  CHECK(!fitted_exponent({{4, 1}, {8, 0}}));
  CHECK(!fitted_exponent({}));
}
