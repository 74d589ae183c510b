// SPDX-License-Identifier: MIT
#include "support/fit.hpp"

#include <cmath>

#include "explore/regime/boundary_fit.hpp"

namespace gapwright {
namespace {

TEST_CASE("a proportional fit has the least relative residuals") {
  const ProportionalFit exact = fit_proportional({1, 2, 5}, {3, 6, 15});
  CHECK(exact.factor == doctest::Approx(3));
  CHECK(exact.rms < 1e-12);
  const std::vector<double> x{1, 2, 5, 9}, y{3.3, 5.5, 16, 26};
  const ProportionalFit fit = fit_proportional(x, y);
  const auto squares = [&](double factor) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i) sum += std::pow(1 - factor * x[i] / y[i], 2);
    return sum;
  };
  CHECK(squares(fit.factor) < squares(fit.factor * 1.001));
  CHECK(squares(fit.factor) < squares(fit.factor * 0.999));
  CHECK(fit.rms == doctest::Approx(std::sqrt(squares(fit.factor) / 4)));
  CHECK(fit.residuals[0] == doctest::Approx(1 - fit.factor / 3.3));
  CHECK_THROWS_AS(fit_proportional({1}, {0}), std::invalid_argument);
  CHECK_THROWS_AS(fit_proportional({}, {}), std::invalid_argument);
}

TEST_CASE("a line fit has the textbook slope, intercept and standard error") {
  const LineFit fit = fit_line({1, 2, 3, 4}, {2, 4, 5, 4});  // by hand: slope 0.7, intercept 2, residual sum 2.3
  CHECK(fit.slope == doctest::Approx(0.7));
  CHECK(fit.intercept == doctest::Approx(2));
  CHECK(fit.slope_error == doctest::Approx(std::sqrt(2.3 / 2 / 5)));
  CHECK_THROWS_AS(fit_line({2, 2}, {1, 3}), std::invalid_argument);
}

Results boundaries(const std::string& embedding, double power) {
  Results results;
  for (std::size_t n = 8; n <= 8192; n *= 2)
    results.records.push_back({{"record", "boundary"},
                               {"key", std::to_string(n)},
                               {"order", 3},
                               {"rows", n},
                               {"vector_dimension", 16},
                               {"per_log", 12.0},
                               {"embedding", embedding},
                               {"family", "tight"},
                               {"seed", 1},
                               {"dimension", 23},
                               {"entry_constant", 23.0},
                               {"gap_wanted", 0.25},
                               {"deciding_entry_bound", {{"lo", 1}, {"hi", std::pow(std::log(n), power)}}},
                               {"worst_case_entry_bound", 9.0},
                               {"polynomial", {{"entry_bound", 1.0}, {"degree", 1}, {"error", 0.125}}}});
  return results;
}

TEST_CASE("the boundary's exponent is told apart: sharp is 1/k, direct 2/k, and the wrong one leaves residuals") {
  for (const auto& [embedding, power] : {std::pair{"sharp", 1 / 3.0}, std::pair{"direct", 2 / 3.0}}) {
    const auto groups = boundary_groups(boundaries(embedding, power));
    REQUIRE(groups.size() == 1);
    const auto fit = fit_boundary(groups[0]);
    REQUIRE(fit);
    CHECK(fit->law.rms < 1e-12);
    CHECK(fit->other.rms > 0.05);
    CHECK(fit->exponent.slope == doctest::Approx(power));
    CHECK(std::abs(fit->offset.intercept) < 1e-9);
  }
  // The other way round the law must not fit.
  CHECK(fit_boundary(boundary_groups(boundaries("sharp", 2 / 3.0))[0])->law.rms > 0.05);
}

TEST_CASE("a boundary is not fitted to two sizes") {
  Results results = boundaries("sharp", 0.5);
  results.records.resize(2);
  CHECK(!fit_boundary(boundary_groups(results)[0]));
}

}  // namespace
}  // namespace gapwright
