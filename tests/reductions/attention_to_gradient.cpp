// SPDX-License-Identifier: MIT
#include "reductions/attention_to_gradient.hpp"

#include <doctest/doctest.h>
#if __has_include(<flint/arb_hypgeom.h>)
#include <flint/arb_hypgeom.h>  // FLINT 3
#else
#include <arb_hypgeom.h>
#endif

#include "atlas/bindings.hpp"
#include "attention/gradient.hpp"
#include "support/errors.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"

using namespace gapwright;

namespace {

Matrix oracle(const Attention& a) { return exact_gradient(a, exact_attention(a).out).gradient.q; }

double loss(const Attention& a) {
  double sum = 0;
  for (const double x : exact_attention(a).out.entries) sum += x * x / 2;
  return sum;
}

/// "sharp" with delta <= 1/(4 sqrt(n_0)) from 0/1 vectors with thresholds t > s_no (docs/reductions.md, section 6).
Attention sharp(const OrthogonalVectors& ov, std::size_t t, std::size_t s_no) {
  const std::size_t dimension = ov.dimension + t, k = ov.sets.size();
  double main_tuples = 1, all_tuples = 1;
  for (std::size_t u = 1; u < k; ++u) {
    main_tuples *= static_cast<double>(ov.sets[u].rows);
    all_tuples *= static_cast<double>(ov.sets[u].rows + 1);
  }
  const double delta = 1 / (4 * std::sqrt(static_cast<double>(ov.sets[0].rows)));
  const double gamma = (std::log(main_tuples) + std::log(1 / delta)) / static_cast<double>(t - s_no);
  const double bound = std::pow(gamma * static_cast<double>(dimension), 1 / static_cast<double>(k));
  Attention a;
  a.terms.softmax_scale = 1.0 / static_cast<double>(dimension);
  a.terms.yes_at_least = mpq_class(1 / (2 + (std::pow(2.0, static_cast<double>(k) - 1) - 1) * delta));
  a.terms.no_at_most = mpq_class(delta);
  for (std::size_t u = 0; u < k; ++u) {
    Matrix m(ov.sets[u].rows + (u > 0), dimension), v(m.rows, 1);
    for (std::size_t r = 0; r < m.rows; ++r)
      for (std::size_t c = 0; c < dimension; ++c) {
        const bool pad = u > 0 && r + 1 == m.rows, own = c < ov.dimension;
        m.at(r, c) = (own ? !pad && ov.sets[u].get(r, c) : u == 0 || pad) ? bound : 0;
        v.at(r, 0) = pad ? 0 : 1;
      }
    if (u == 0) a.q = m;
    if (u > 0) a.keys.push_back(m), a.values.push_back(v);
  }
  CHECK(all_tuples > main_tuples);
  return a;
}

}  // namespace

TEST_CASE("Gauss-Legendre integrates polynomials of degree 2N - 1 and not 2N") {
  for (const std::size_t points : {1, 2, 5, 40}) {
    const Quadrature rule = gauss_legendre(points);
    const auto integral = [&](double degree) {
      double sum = 0;
      for (std::size_t i = 0; i < points; ++i) sum += rule.weights[i] * std::pow(rule.nodes[i], degree);
      return sum;
    };
    const auto twice = static_cast<double>(2 * points);
    CHECK(integral(twice - 1) == doctest::Approx(1 / twice).epsilon(1e-13));
    if (points <= 5) CHECK(std::abs(integral(twice) - 1 / (twice + 1)) > 1e-8);
  }
}

TEST_CASE("nodes of the quadrature are within 2^-50 of the true ones, and the errors of the weights sum to less, in balls") {
  for (const std::size_t points : {1, 2, 3, 7, 20, 61, 150, 400, 1000}) {
    const Quadrature rule = gauss_legendre(points);
    mpq_class errors = 0;
    CAPTURE(points);
    for (std::size_t i = 0; i < points; ++i) {
      Ball root, weight;
      arb_hypgeom_legendre_p_ui_root(root.raw(), weight.raw(), points, i, 128);
      const Ball node = multiply(add(Ball::exactly(1.0), multiply(root, Ball::exactly(-1.0), 128), 128), Ball::exactly(0.5), 128);
      CHECK(abs(mpq_class(rule.nodes[i]) - upper(node)) < mpq_class(0x1p-50));
      errors += abs(mpq_class(rule.weights[i]) - upper(weight) / 2);
    }
    CHECK(errors < mpq_class(0x1p-50));
  }
}

TEST_CASE("the oracle's own error is part of a decision's, and can leave it open") {
  Attention a;
  a.terms.softmax_scale = 1;
  a.terms.yes_at_least = mpq_class(1, 2);
  a.terms.no_at_most = mpq_class(1, 10);
  a.q = Matrix(1, 1);
  a.q.entries = {-2};
  a.keys = {Matrix(2, 1)};
  a.keys[0].entries = {1, -1};
  a.values = {Matrix(2, 1)};
  a.values[0].entries = {1, 0};
  const auto with_error = [&](double eta) {
    return decide_by_gradients(a, [eta](const Attention& input) { return GradientAnswer(oracle(input), eta); });
  };
  const GradientDecision exact = with_error(0), wrong = with_error(0.01), useless = with_error(1);
  CHECK(exact.answer == false);
  CHECK(wrong.error - exact.error == doctest::Approx(0.02).epsilon(1e-6));  // eta |q|_1
  CHECK(wrong.loss == exact.loss);
  CHECK_FALSE(useless.answer);
  const GradientAnswer stated = exact_gradient_oracle({})(a);
  CHECK(stated.error > 0);
  CHECK(stated.error < 1e-12);
}

TEST_CASE("the forward loss comes out of gradients within the error bound, k = 2, 3, 4") {
  for (int round = 0; round < cases(9); ++round) {
    Random random(501, static_cast<std::uint64_t>(round));
    const Attention a = uneven_attention(random, 2 + static_cast<std::size_t>(round) % 3, 1.5 + random.unit());
    const double wanted = std::pow(10.0, -1 - round % 5);
    const AttentionToGradient rule(a, wanted);
    const double difference = std::abs(rule.forward_loss(oracle) - loss(a));
    CAPTURE(round);
    REQUIRE(rule.error_bound() <= wanted);
    REQUIRE(difference <= rule.error_bound() + 1e-12);
    Attention still = a;
    for (double& x : still.q.entries) x = 0;
    CHECK(rule.loss_at_zero() == doctest::Approx(loss(still)).epsilon(1e-12));
  }
}

TEST_CASE("the quadrature's error bound is kept, and not idle where a pole sits above the middle of the interval") {
  Attention a;  // the denominator e^{3 lambda} + 20 e^{-3 lambda} vanishes at lambda = (ln 20 + i pi)/6
  a.terms.softmax_scale = 3;
  a.q = Matrix(1, 1);
  a.q.entries = {1};
  a.keys = {Matrix(21, 1)};
  a.keys[0].entries.assign(21, -1.0);
  a.keys[0].entries[0] = 1;
  a.values = {Matrix(21, 1)};
  a.values[0].entries[0] = 1;
  double closest = 0;
  for (double wanted = 1; wanted > 1e-9; wanted /= 4) {
    const AttentionToGradient rule(a, wanted);
    CHECK(rule.score_range() == doctest::Approx(6));
    const double difference = std::abs(rule.forward_loss(oracle) - loss(a));
    REQUIRE(difference <= rule.error_bound());
    closest = std::max(closest, difference / rule.error_bound());
  }
  CAPTURE(closest);
  CHECK(closest > 1e-5);
}

TEST_CASE("the worked example of the file's head") {
  Attention a;
  a.terms.softmax_scale = 0.5;
  a.q = Matrix(1, 1);
  a.q.entries = {1};
  a.keys = {Matrix(2, 1)};
  a.keys[0].entries = {1, -1};
  a.values = {Matrix(2, 1)};
  a.values[0].entries = {1, 0};
  const AttentionToGradient rule(a, 1e-10);
  CHECK(rule.loss_at_zero() == 0.125);
  CHECK(rule.score_range() == doctest::Approx(1));
  CHECK(rule.forward_loss(oracle) == doctest::Approx(0.5 / std::pow(1 + std::exp(-1), 2)).epsilon(1e-10));
}

TEST_CASE("sharp instances are decided through gradients alone, yes and no") {
  int yes = 0, no = 0;
  for (int round = 0; round < cases(24); ++round) {
    Random random(503, static_cast<std::uint64_t>(round));
    const OrthogonalVectors ov = corner_vectors(random, 2 + static_cast<std::size_t>(round) % 3, 4, 6);
    std::size_t most = 0;
    for (const auto& tuple : [&] {
           std::vector<std::vector<std::size_t>> tuples{{}};
           for (const BitMatrix& set : ov.sets) {
             std::vector<std::vector<std::size_t>> longer;
             for (const auto& head : tuples)
               for (std::size_t r = 0; r < set.rows; ++r) {
                 longer.push_back(head);
                 longer.back().push_back(r);
               }
             tuples = std::move(longer);
           }
           return tuples;
         }()) {
      std::size_t product = 0;
      for (std::size_t c = 0; c < ov.dimension; ++c) {
        bool all = true;
        for (std::size_t u = 0; u < tuple.size(); ++u) all = all && ov.sets[u].get(tuple[u], c);
        product += all;
      }
      most = std::max(most, product);
    }
    const bool want_yes = random.bit() && most >= 1;
    const Attention a = want_yes ? sharp(ov, most, most - 1) : sharp(ov, most + 1, most);
    const GradientDecision d = decide_by_gradients(a, oracle);
    CAPTURE(round);
    REQUIRE(d.answer.has_value());
    REQUIRE(*d.answer == want_yes);
    REQUIRE(d.calls > 1);
    (want_yes ? yes : no) += 1;
  }
  CHECK(yes + no == cases(24));
  if (cases(24) >= 24) CHECK(std::min(yes, no) >= 4);
}

TEST_CASE("what cannot be decided through gradients is refused") {
  Random random(507, 0);
  Attention a = uneven_attention(random, 2, 1);
  CHECK_THROWS_AS(decide_by_gradients(a, oracle), BadInstance);
  a.terms.yes_at_least = mpq_class(1, 2);
  a.terms.no_at_most = mpq_class(2, 5);
  CHECK_THROWS_AS(decide_by_gradients(a, oracle), BadInstance);  // 5 rows at 2/5 weigh more than one at 1/2
  a.terms.no_at_most = mpq_class(1, 100);
  CHECK_THROWS_AS(decide_by_gradients(a, oracle), BadInstance);  // negative values
  CHECK_THROWS_AS(AttentionToGradient(a, 0), std::invalid_argument);
  CHECK_THROWS_AS(AttentionToGradient(a, 1e-3, 1.0), LimitReached);  // the oracle is worse than what is asked for
  CHECK_THROWS_AS(AttentionToGradient(a, 0.1).forward_loss([](const Attention&) { return Matrix(1, 1); }), std::invalid_argument);
}

TEST_CASE(
    "Gauss-Legendre on Chebyshev polynomials: exact below 2N and at odd ones, then wrong by at most 32/15, from one node on") {
  for (std::size_t points = 1; points <= 12; ++points) {
    const Quadrature rule = gauss_legendre(points);
    double largest = 0;
    for (int j = 0; j <= 300; ++j) {
      double sum = 0;
      for (std::size_t i = 0; i < points; ++i) sum += 2 * rule.weights[i] * std::cos(j * std::acos(1 - 2 * rule.nodes[i]));
      const double error = std::abs(sum - (j % 2 == 1 ? 0 : 2 / (1.0 - static_cast<double>(j) * j)));
      if (j < 2 * static_cast<int>(points) || j % 2 == 1) CHECK(error < 1e-12);
      largest = std::max(largest, error);
    }
    CHECK(largest <= 32.0 / 15 * (1 + 1e-12));
    if (points == 1) CHECK(largest == doctest::Approx(32.0 / 15));  // on T_4
  }
}

TEST_CASE("the range of scores is an upper bound in 20,000 coordinates and for keys that hardly differ") {
  constexpr std::size_t d = 20000;
  Attention a;
  a.terms.softmax_scale = 1;
  a.q = Matrix(1, d);
  a.keys.emplace_back(2, d);
  a.values.emplace_back(2, 1);
  mpq_class exact = 0;
  for (std::size_t l = 0; l < d; ++l) {
    a.q.at(0, l) = 1;
    a.keys[0].at(1, l) = l == 0 ? 1 : 0x0.ffp-53;
    exact += mpq_class(a.keys[0].at(1, l));
  }
  CHECK(mpq_class(AttentionToGradient(a, 0.1).score_range()) >= exact);
  Attention near;
  near.terms.softmax_scale = 0x1p-52 + 1;
  near.q = Matrix(1, 1);
  near.q.at(0, 0) = 1;
  for (int u = 0; u < 2; ++u) {
    near.keys.emplace_back(2, 1);
    near.keys.back().at(0, 0) = 1;
    near.keys.back().at(1, 0) = 1 + 0x1p-52;
    near.values.emplace_back(2, 1);
  }
  const mpq_class high = mpq_class(1 + 0x1p-52);
  CHECK(mpq_class(AttentionToGradient(near, 0.1).score_range()) >= high * (high * high - 1));
}
