#include "attention/polynomial.hpp"

#include <doctest/doctest.h>

#include "attention/exact.hpp"
#include "attention/relative_remez.hpp"
#include "instances/errors.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

TEST_CASE("the polynomial method keeps its certified error on all orders, and the certificate is not idle") {
  double closest = 0;
  for (int round = 0; round < cases(9); ++round) {
    Random random(201, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + static_cast<std::size_t>(round) % 3;
    Attention a = uneven_attention(random, order, 0.9);
    if (round % 2 == 1)  // scores of one sign: the interval is not symmetric
      for (Matrix* m : {&a.q, &a.keys[0]})
        for (double& x : m->entries) x = std::abs(x);
    PolynomialOptions options;
    options.error = std::pow(10.0, -2 - round % 4);
    options.prove = prover();
    const PolynomialAttention result = polynomial_attention(a, options);
    const double difference = largest_difference(result.out, certified_outputs(a));
    CAPTURE(round);
    REQUIRE(result.plan.error() <= options.error);
    REQUIRE(difference <= result.plan.error());
    closest = std::max(closest, difference / result.plan.error());
  }
  CHECK(closest > 1e-3);
}

TEST_CASE("the score interval contains every score and is attained by parallel vectors") {
  for (int round = 0; round < cases(20); ++round) {
    Random random(203, static_cast<std::uint64_t>(round));
    const Attention a = uneven_attention(random, 3, 1.5);
    const ScoreInterval interval = score_interval(a);
    double top = 0;
    for (std::size_t i = 0; i < a.q.rows; ++i)
      for (std::size_t j = 0; j < a.keys[0].rows; ++j)
        for (std::size_t l = 0; l < a.keys[1].rows; ++l) {
          double s = 0;
          for (std::size_t c = 0; c < a.q.columns; ++c) s += a.q.at(i, c) * a.keys[0].at(j, c) * a.keys[1].at(l, c);
          s *= a.terms.softmax_scale;
          REQUIRE(s >= interval.lo);
          REQUIRE(s <= interval.hi);
          top = std::max(top, std::abs(s));
        }
    CHECK(interval.magnitude >= top);
  }
  Attention a;
  a.terms.softmax_scale = 0.25;
  a.q = Matrix(1, 4);
  a.q.entries = {1, 1, 1, 1};
  a.keys = {Matrix(2, 4), Matrix(1, 4)};
  a.keys[0].entries = {2, 2, 2, 2, -1, 0, 1, 2};
  a.keys[1].entries = {1, 1, 1, 1};
  a.values = {Matrix(2, 1), Matrix(1, 1)};
  CHECK(score_interval(a).hi == doctest::Approx(2.0).epsilon(1e-9));
  CHECK(score_interval(a).lo == doctest::Approx(0.5).epsilon(1e-9));
}

TEST_CASE("relative Remez alternates: its error is proved and cannot be beaten by a fifth") {
  for (const auto& [half, degree, expected] :
       {std::tuple{1.0, std::size_t{0}, std::tanh(1.0)}, {8.0, std::size_t{14}, 6e-4}, {2.0, std::size_t{5}, 0.0}}) {
    const ExponentialPolynomial p = relative_remez(-half, half, degree);
    const RatioBounds bounds = exponential_ratio_bounds(p.coefficients, mpq_class(-half), mpq_class(half));
    const double proved = std::max(mpq_class(bounds.most - 1).get_d(), mpq_class(1 - bounds.least).get_d());
    CHECK(proved == doctest::Approx(p.error).epsilon(1e-3));
    if (expected > 0) CHECK(proved == doctest::Approx(expected).epsilon(0.2));
  }
  CHECK(relative_remez(3, 3, 4).coefficients == std::vector<double>{1.0});
  CHECK_THROWS_AS(relative_remez(1, 0, 3), std::invalid_argument);
}

TEST_CASE("a degree that is too expensive, or an error that no degree meets, is refused with the numbers") {
  Random random(207, 0);
  const Attention wide = uneven_attention(random, 3, 3);
  PolynomialOptions options;
  options.prove = prover();
  options.most_features = 200;
  const auto refusal = [&](const Attention& a) {
    try {
      plan_polynomial(a, options);
    } catch (const LimitReached& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  const std::string expensive = refusal(wide);
  for (const char* part : {"R = ", "g = ", "r = ", "s), the limit is 200"}) CHECK(expensive.find(part) != std::string::npos);
  const Attention narrow = uneven_attention(random, 3, 0.3);
  CHECK(refusal(narrow).empty());
  options.error = 1e-17;
  options.most_features = std::size_t{1} << 62;
  CHECK(refusal(narrow).find("no degree reaches error 1e-17") == 0);
  options.error = 0;
  CHECK_THROWS_AS(plan_polynomial(narrow, options), std::invalid_argument);
  options.error = 1;
  options.prove = {};
  CHECK_THROWS_AS(plan_polynomial(narrow, options), std::invalid_argument);
}

TEST_CASE("entries of zero need degree 0 and give the mean of v_J") {
  Random random(209, 0);
  Attention a = uneven_attention(random, 2, 0);
  PolynomialOptions options;
  options.prove = prover();
  const PolynomialAttention result = polynomial_attention(a, options);
  CHECK(result.plan.degree == 0);
  CHECK(result.plan.features == 1);
  CHECK(largest_difference(result.out, certified_outputs(a)) < 1e-14);
}

TEST_CASE("the bytes of the polynomial method do not depend on the number of threads") {
  Random random(211, 0);
  Attention a = uneven_attention(random, 3, 0.8);
  a.keys[0] = random_matrix(random, 700, a.q.columns, 0.8);
  a.values[0] = random_matrix(random, 700, a.values[0].columns, 1);
  PolynomialOptions options;
  options.prove = prover();
  CHECK(polynomial_attention(a, options, {1, nullptr, {}}).out.entries ==
        polynomial_attention(a, options, {3, nullptr, {}}).out.entries);
}
