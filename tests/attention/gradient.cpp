// SPDX-License-Identifier: MIT
#include "attention/gradient.hpp"

#include <doctest/doctest.h>

#include "attention/polynomial_gradient.hpp"
#include "attention/training.hpp"
#include "support/errors.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

namespace {

double loss_of(const Attention& a, const Matrix& upstream) {
  const Matrix out = exact_attention(a).out;
  double sum = 0;
  for (std::size_t x = 0; x < out.entries.size(); ++x) sum += out.entries[x] * upstream.entries[x];
  return sum;
}

/// Central difference of `value` in a random direction of m, and the gradient's answer.
template <class Value>
void require_slope(Random& random, Matrix& m, const Matrix& gradient, const Value& value, double tolerance) {
  const Matrix saved = m, direction = random_matrix(random, m.rows, m.columns, 1);
  constexpr double h = 1e-5;
  const auto moved = [&](double step) {
    for (std::size_t x = 0; x < m.entries.size(); ++x) m.entries[x] = saved.entries[x] + step * direction.entries[x];
    return value();
  };
  const double numeric = (moved(h) - moved(-h)) / (2 * h);
  m = saved;
  double along = 0, size = 0;
  for (std::size_t x = 0; x < m.entries.size(); ++x) {
    along += gradient.entries[x] * direction.entries[x];
    size += std::abs(gradient.entries[x] * direction.entries[x]);
  }
  REQUIRE(size > 1e-6);
  REQUIRE(std::abs(numeric - along) < tolerance * size + 1e-9);
}

std::vector<std::pair<Matrix*, const Matrix*>> pairs(Attention& a, const AttentionGradient& g) {
  std::vector<std::pair<Matrix*, const Matrix*>> all{{&a.q, &g.q}};
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    all.emplace_back(&a.keys[u], &g.keys[u]);
    all.emplace_back(&a.values[u], &g.values[u]);
  }
  return all;
}

}  // namespace

TEST_CASE("exact gradients agree with central differences, k = 2, 3, 4, and f32 with f64") {
  for (int round = 0; round < cases(6); ++round) {
    Random random(401, static_cast<std::uint64_t>(round));
    Attention a = uneven_attention(random, 2 + static_cast<std::size_t>(round) % 3, 1.5);
    const Matrix upstream = random_matrix(random, a.q.rows, a.values[0].columns, 1);
    const AttentionGradient g = exact_gradient(a, upstream).gradient;
    CAPTURE(round);
    for (const auto& [matrix, gradient] : pairs(a, g))
      require_slope(
          random, *matrix, *gradient, [&] { return loss_of(a, upstream); }, 1e-6);
    AttentionGradient narrow = exact_gradient(a, upstream, Arithmetic::f32).gradient;
    CHECK(largest_difference(narrow.q, g.q) < 1e-5);
    CHECK(largest_difference(narrow.q, g.q) > 1e-12);
    CHECK(largest_difference(narrow.keys.back(), g.keys.back()) < 1e-5);
    CHECK(largest_difference(narrow.values[0], g.values[0]) < 1e-5);
  }
}

TEST_CASE("polynomial gradients stay within their certified error of the exact ones") {
  double closest = 0;
  for (int round = 0; round < cases(6); ++round) {
    Random random(403, static_cast<std::uint64_t>(round));
    Attention a = uneven_attention(random, 2 + static_cast<std::size_t>(round) % 3, 0.8);
    const Matrix upstream = random_matrix(random, a.q.rows, a.values[0].columns, 1);
    const AttentionGradient exact = exact_gradient(a, upstream).gradient;
    PolynomialOptions options;
    options.error = 1e-3;
    options.prove = polynomial_prover();
    const PolynomialGradient fast = polynomial_gradient(a, upstream, options);
    CAPTURE(round);
    REQUIRE(fast.error.largest() <= options.error);
    REQUIRE(largest_difference(fast.gradient.q, exact.q) <= fast.error.q);
    for (std::size_t u = 0; u < a.keys.size(); ++u) {
      REQUIRE(largest_difference(fast.gradient.keys[u], exact.keys[u]) <= fast.error.keys[u]);
      REQUIRE(largest_difference(fast.gradient.values[u], exact.values[u]) <= fast.error.values[u]);
    }
    closest = std::max(closest, largest_difference(fast.gradient.q, exact.q) / fast.error.q);
  }
  CHECK(closest > 1e-4);
}

TEST_CASE("tau is what the derivative needs where it is negative, and no more") {
  Attention a;
  a.terms.softmax_scale = 2;
  a.q = Matrix(1, 1);
  a.q.entries = {1};
  a.keys = {Matrix(2, 1)};
  a.keys[0].entries = {-1, 1};
  a.values = {a.keys[0]};
  PolynomialOptions options;
  options.prove = polynomial_prover();
  for (const double error : {2.0, 1.0, 0.3, 0.02, 1e-4}) {
    options.error = error;
    const PolynomialPlan plan = plan_polynomial(a, options);
    const PolynomialSlopes slopes = slopes_of(plan, options.prove);
    double needed = 0;
    for (int g = 0; g <= 4000; ++g) {
      const double x = plan.scores.lo + (plan.scores.hi - plan.scores.lo) * g / 4000;
      double derivative = 0;
      for (std::size_t m = plan.coefficients.size(); m-- > 1;)
        derivative = derivative * x + static_cast<double>(m) * plan.coefficients[m];
      for (const double ratio : {plan.least, plan.most})
        needed = std::max(needed, std::abs(derivative * std::exp(-x) / ratio - 1));
    }
    CAPTURE(plan.degree);
    CHECK(slopes.tau >= needed);
    CHECK(slopes.tau <= needed * 1.01 + 1e-9);
  }
}

TEST_CASE("the bytes of both gradients do not depend on the number of threads") {
  Random random(405, 0);
  Attention a = uneven_attention(random, 3, 0.8);
  a.q = random_matrix(random, 211, a.q.columns, 0.8);
  const Matrix upstream = random_matrix(random, a.q.rows, a.values[0].columns, 1);
  const RunControl one{1, nullptr, {}}, many{3, nullptr, {}};
  CHECK(exact_gradient(a, upstream, Arithmetic::f64, one).gradient.keys[1].entries ==
        exact_gradient(a, upstream, Arithmetic::f64, many).gradient.keys[1].entries);
  PolynomialOptions options;
  options.error = 1;
  options.prove = polynomial_prover();
  CHECK(polynomial_gradient(a, upstream, options, one).gradient.keys[0].entries ==
        polynomial_gradient(a, upstream, options, many).gradient.keys[0].entries);
}

TEST_CASE("the training gradient of X agrees with central differences, k = 2, 3, exact and polynomial") {
  for (std::size_t order = 2; order <= 3; ++order) {
    Random random(407, order);
    TrainingProblem p;
    p.softmax_scale = 1.0 / 3;
    p.queries = random_matrix(random, 4, 3, 1);
    for (std::size_t u = 0; u + 1 < order; ++u) {
      p.keys.push_back(random_matrix(random, 5 + u, 2 + u, 1));
      p.values.push_back(random_matrix(random, 5 + u, 3 - u, 1));
    }
    const std::size_t columns = order == 2 ? 2 : 6, value_columns = order == 2 ? 3 : 6;
    p.x = random_matrix(random, 3, columns, 0.6);
    p.y = random_matrix(random, value_columns, 2, 1);
    p.target = random_matrix(random, 4, 2, 1);
    const TrainingGradient g = training_gradient(p, exact_method());
    CAPTURE(order);
    require_slope(
        random, p.x, g.x, [&] { return training_gradient(p, exact_method()).loss; }, 1e-6);
    PolynomialOptions options;
    options.error = 1e-6;
    options.prove = polynomial_prover();
    const GradientMethod fast{
        [&](const Attention& a) { return polynomial_attention(a, options).out; },
        [&](const Attention& a, const Matrix& upstream) { return polynomial_gradient(a, upstream, options).gradient.q; }};
    CHECK(largest_difference(training_gradient(p, fast).x, g.x) < 1e-4);
    p.y.rows += 1;
    CHECK_THROWS_AS(training_gradient(p, exact_method()), BadInstance);
  }
}

TEST_CASE("an upstream gradient of another shape, or not finite, is refused") {
  Random random(409, 0);
  const Attention a = uneven_attention(random, 2, 1);
  Matrix upstream(a.q.rows, a.values[0].columns);
  upstream.at(0, 1) = std::nan("");
  CHECK_THROWS_AS(exact_gradient(a, upstream), std::invalid_argument);
  CHECK_THROWS_AS(exact_gradient(a, Matrix(a.q.rows + 1, a.values[0].columns)), std::invalid_argument);
}
