// SPDX-License-Identifier: MIT
#include "attention/polynomial.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "attention/exact.hpp"
#include "attention/monomials.hpp"
#include "attention/relative_remez.hpp"
#include "attention/score_moments.hpp"
#include "support/errors.hpp"
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
    options.prove = polynomial_prover();
    const PolynomialAttention result = polynomial_attention(a, options);
    const double difference = largest_difference(result.out, certified_outputs(a));
    CAPTURE(round);
    REQUIRE(result.plan.error() <= options.error);
    REQUIRE(difference <= result.plan.error());
    closest = std::max(closest, difference / result.plan.error());
  }
  CHECK(closest > 1e-3);
}

TEST_CASE("moments of the scores certify smaller degrees, and the error stays below their bound") {
  std::size_t smaller = 0, second = 0;
  for (int round = 0; round < std::max(12, cases(12)); ++round) {  // fewer would not meet every degree
    Random random(202, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + static_cast<std::size_t>(round) % 3;
    Attention a = uneven_attention(random, order, 0.9);
    if (round % 2 == 1)
      for (Matrix* m : {&a.q, &a.keys[0]})
        for (double& x : m->entries) x = std::abs(x);
    PolynomialOptions options;
    options.error = std::pow(10.0, -1 - round % 4);
    options.prove = polynomial_prover();
    const PolynomialPlan by_interval = plan_polynomial(a, options);
    options.prove_remainder = remainder_prover();
    const PolynomialAttention result = polynomial_attention(a, options);
    CAPTURE(round);
    REQUIRE(by_interval.moment == 0);
    REQUIRE(result.plan.error() <= options.error);
    REQUIRE(result.plan.degree <= by_interval.degree);
    REQUIRE(largest_difference(result.out, certified_outputs(a)) <= result.plan.error());
    smaller += result.plan.degree < by_interval.degree;
    second += result.plan.moment == 2;
  }
  CHECK(smaller > 0);
  CHECK(second > 0);

  Random random(206, 0);
  Attention wide;
  wide.terms.softmax_scale = 1.0 / 16;
  wide.q = random_matrix(random, 3, 16, 1.26);
  wide.keys = {random_matrix(random, 12, 16, 1.26), random_matrix(random, 10, 16, 1.26)};
  wide.values = {random_matrix(random, 12, 17, 1), random_matrix(random, 10, 17, 1)};
  PolynomialOptions options;
  options.error = 1e-4;
  options.prove = polynomial_prover();
  options.prove_remainder = remainder_prover();
  const PolynomialAttention result = polynomial_attention(wide, options);
  CHECK(result.plan.moment == 4);
  CHECK(largest_difference(result.out, certified_outputs(wide)) <= result.plan.error());
}

TEST_CASE("the bound by moments is within a factor three of what values chosen against it attain") {
  Attention a;
  a.terms.softmax_scale = 1;
  a.q = Matrix(1, 12);
  a.q.at(0, 0) = 1;
  a.keys = {Matrix(200, 12)};
  a.values = {Matrix(200, 1)};
  for (std::size_t j = 0; j < 200; ++j) {
    const bool far = j < 16;  // where P = 1 + x is too small
    a.keys[0].at(j, 0) = (j % 2 == 0 ? 1 : -1) * (far ? 1 : 0.15);
    a.values[0].at(j, 0) = far ? -1 : 1;
  }
  PolynomialOptions options;
  options.error = 0.2;
  options.prove = polynomial_prover();
  options.prove_remainder = remainder_prover();
  const PolynomialAttention result = polynomial_attention(a, options);
  CHECK(result.plan.moment == 2);
  CHECK(result.plan.degree == 1);
  const double difference = largest_difference(result.out, certified_outputs(a));
  CHECK(difference <= result.plan.error());
  CHECK(difference > result.plan.error() / 3);
}

TEST_CASE("moments of the scores are the ones of all tuples, row by row") {
  Random random(204, 0);
  const Attention a = uneven_attention(random, 3, 1.1);
  for (const std::size_t power : {2, 4}) {
    const ScoreMoments moments = score_moments(a, score_interval(a), power, {});
    for (std::size_t i = 0; i < a.q.rows; ++i) {
      double mean = 0, power_mean = 0, tuples = 0;
      for (std::size_t j = 0; j < a.keys[0].rows; ++j)
        for (std::size_t l = 0; l < a.keys[1].rows; ++l, ++tuples) {
          double y = 0;
          for (std::size_t c = 0; c < a.q.columns; ++c) y += a.q.at(i, c) * a.keys[0].at(j, c) * a.keys[1].at(l, c);
          y = y * a.terms.softmax_scale - moments.centre;
          mean += y;
          power_mean += std::pow(y, static_cast<double>(power));
        }
      mean /= tuples;
      power_mean /= tuples;
      CHECK(moments.mean[i] <= mean);
      CHECK(moments.mean[i] > mean - 1e-12);
      CHECK(moments.power_mean[i] >= power_mean);
      CHECK(moments.power_mean[i] < power_mean + 1e-12);
    }
  }
}

TEST_CASE("monomials: every one arises once, as a head times a tail, with its multinomial coefficient") {
  for (const auto& [variables, degree] : {std::pair<std::size_t, std::size_t>{1, 5}, {3, 0}, {4, 3}, {16, 4}, {12, 5}}) {
    const Monomials m(variables, degree);
    CAPTURE(variables);
    CAPTURE(degree);
    CHECK((m.tail_degree < degree) == (m.tails > 1 && m.tails < m.count));
    // (x_1 + ... + x_d)^degree for x = 1/2, 2/3, ...: all monomials of that degree with their coefficients.
    std::vector<double> x(variables), tails(m.tails, 1.0), sums(degree + 1, 0.0);
    for (std::size_t l = 0; l < variables; ++l) x[l] = (1.0 + static_cast<double>(l)) / (2.0 + static_cast<double>(l));
    for (const Monomials::Run& run : m.runs)
      for (std::size_t i = 0; i < run.count; ++i) tails[run.to + i] = x[run.variable] * tails[run.from + i];
    std::size_t monomials = 0;
    for (const Monomials::Block& block : m.blocks)
      for (std::size_t i = 0; i < block.count; ++i, ++monomials)
        sums[m.degrees[block.to + i]] += m.arrangements[block.to + i] * tails[block.head] * tails[block.from + i];
    CHECK(monomials == m.count);
    double total = 0, power = 1;
    for (const double entry : x) total += entry;
    for (std::size_t g = 0; g <= degree; ++g, power *= total) CHECK(sums[g] == doctest::Approx(power).epsilon(1e-12));
  }
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
  options.prove = polynomial_prover();
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
  options.prove = polynomial_prover();
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
  options.prove = polynomial_prover();
  CHECK(polynomial_attention(a, options, {1, nullptr, {}}).out.entries ==
        polynomial_attention(a, options, {3, nullptr, {}}).out.entries);
}
