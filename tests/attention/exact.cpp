// SPDX-License-Identifier: MIT
#include "attention/exact.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/errors.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"

using namespace gapwright;

namespace {

/// Certified comparison; returns the largest difference.
double require_within_bound(const Attention& a, Arithmetic arithmetic) {
  const Matrix truth = certified_outputs(a);
  const ExactAttention result = exact_attention(a, arithmetic);
  double largest = 0;
  for (std::size_t i = 0; i < truth.rows; ++i)
    for (std::size_t c = 0; c < truth.columns; ++c) {
      const double difference = std::abs(result.out.at(i, c) - truth.at(i, c));
      REQUIRE(difference <= result.row_error[i]);
      largest = std::max(largest, difference);
    }
  return largest;
}

/// The "sharp" embedding (docs/reductions.md, section 6): one pad per key matrix, d' = d + t, the all-pad tuple as heavy as a tuple at
/// the threshold.
Attention sharp(const OrthogonalVectors& ov, std::size_t t, double gamma) {
  const std::size_t dimension = ov.dimension + t;
  const double bound = std::pow(gamma * static_cast<double>(dimension), 1 / static_cast<double>(ov.sets.size()));
  Attention a;
  a.terms.softmax_scale = 1.0 / static_cast<double>(dimension);
  a.q = Matrix(ov.sets[0].rows, dimension);
  const auto fill = [&](Matrix& m, const BitMatrix& bits) {
    for (std::size_t r = 0; r < bits.rows; ++r)
      for (std::size_t c = 0; c < bits.columns; ++c) m.at(r, c) = bits.get(r, c) ? bound : 0;
  };
  fill(a.q, ov.sets[0]);
  for (std::size_t r = 0; r < a.q.rows; ++r)
    for (std::size_t c = ov.dimension; c < dimension; ++c) a.q.at(r, c) = bound;
  for (std::size_t u = 1; u < ov.sets.size(); ++u) {
    const std::size_t rows = ov.sets[u].rows;
    a.keys.emplace_back(rows + 1, dimension);
    fill(a.keys.back(), ov.sets[u]);
    for (std::size_t c = ov.dimension; c < dimension; ++c) a.keys.back().at(rows, c) = bound;
    a.values.emplace_back(rows + 1, 1);
    for (std::size_t r = 0; r < rows; ++r) a.values.back().at(r, 0) = 1;
  }
  return a;
}

}  // namespace

TEST_CASE("exact attention stays within its own error bound of certified values, and the bound is not idle, k = 2, 3, 4") {
  for (int round = 0; round < cases(9); ++round) {
    Random random(101, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + static_cast<std::size_t>(round) % 3;
    const Attention a = uneven_attention(random, order, 0.5 + 2 * random.unit());
    CAPTURE(round);
    require_within_bound(a, Arithmetic::f64);
    CHECK(largest_error(exact_attention(a)) < 1e-12);
    const double f32 = require_within_bound(a, Arithmetic::f32);
    CHECK(f32 > 1e-9);  // f32 really is f32
    CHECK(largest_error(exact_attention(a, Arithmetic::f32)) < 1e-3);
  }
}

TEST_CASE("exact attention agrees with certified values on direct and sharp embeddings") {
  for (int round = 0; round < cases(9); ++round) {
    Random random(103, static_cast<std::uint64_t>(round));
    const OrthogonalVectors ov = corner_vectors(random, 2 + static_cast<std::size_t>(round) % 3, 4, 6);
    CAPTURE(round);
    require_within_bound(written_out(OrthogonalVectorsToAttention(ov).target(0)), Arithmetic::f64);
    require_within_bound(sharp(ov, 1 + random.below(4), 4 + 10 * random.unit()), Arithmetic::f64);
  }
}

TEST_CASE("scores that climb steeply along the keys are rescaled, not overflowed") {
  Attention a;
  a.terms.softmax_scale = 1;
  a.q = Matrix(2, 1);
  a.q.at(0, 0) = 1;
  a.q.at(1, 0) = -1;
  a.keys.emplace_back(300, 1);
  a.values.emplace_back(300, 1);
  for (std::size_t j = 0; j < 300; ++j) {
    a.keys[0].at(j, 0) = 10.0 * static_cast<double>(j);
    a.values[0].at(j, 0) = static_cast<double>(j);
  }
  require_within_bound(a, Arithmetic::f64);
  const ExactAttention result = exact_attention(a);
  CHECK(result.out.at(0, 0) == doctest::Approx(299).epsilon(1e-4));
  CHECK(result.out.at(1, 0) == doctest::Approx(std::exp(-10)).epsilon(1e-4));
}

TEST_CASE("the bytes of exact attention do not depend on the number of threads") {
  Random random(107, 0);
  Attention a = uneven_attention(random, 3, 2);
  a.q = random_matrix(random, 131, a.q.columns, 2);
  const ExactAttention one = exact_attention(a, Arithmetic::f64, {1, nullptr, {}}),
                       many = exact_attention(a, Arithmetic::f64, {3, nullptr, {}});
  CHECK(one.out.entries == many.out.entries);
  CHECK(one.row_error == many.row_error);
}

TEST_CASE("one key per matrix gives v_J whatever the scores are") {
  Random random(109, 0);
  Attention a = uneven_attention(random, 3, 5);
  for (std::size_t u = 0; u < 2; ++u) {
    a.keys[u] = random_matrix(random, 1, a.q.columns, 5);
    a.values[u] = random_matrix(random, 1, 4, 1);
  }
  const ExactAttention result = exact_attention(a);
  for (std::size_t c = 0; c < 4; ++c)
    CHECK(result.out.at(1, c) == doctest::Approx(a.values[0].at(0, c) * a.values[1].at(0, c)).epsilon(1e-14));
}

TEST_CASE("malformed inputs are refused in one line") {
  Random random(113, 0);
  const Attention good = uneven_attention(random, 3, 1);
  const auto refused = [](const Attention& a, Arithmetic arithmetic) {
    try {
      exact_attention(a, arithmetic);
    } catch (const BadInstance& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  CHECK(refused(good, Arithmetic::f32).empty());
  Attention bad = good;
  bad.q.at(1, 2) = std::nan("");
  CHECK(refused(bad, Arithmetic::f64) == "q[1, 2] is not a finite number");
  bad = good;
  bad.keys[1].at(0, 0) = std::numeric_limits<double>::infinity();
  CHECK(refused(bad, Arithmetic::f64) == "k2[0, 0] is not a finite number");
  bad = good;
  bad.values[0].rows -= 1;
  bad.values[0].entries.resize(bad.values[0].rows * bad.values[0].columns);
  CHECK(refused(bad, Arithmetic::f64).find("v1 has") == 0);
  bad = good;
  bad.q = Matrix(0, good.q.columns);
  CHECK(refused(bad, Arithmetic::f64).find("q is empty") == 0);
  bad = good;
  bad.q.at(0, 0) = 1e30;
  bad.keys[0].at(0, 0) = 1e10;
  CHECK(refused(bad, Arithmetic::f32).empty());
}

TEST_CASE(
    "scores beyond every arithmetic leave the whole range of the values as the bound, or less where one tuple outweighs all") {
  for (const auto arithmetic : {Arithmetic::f64, Arithmetic::f32})
    for (const double size : {1e5, 1e20, 1e150, 1e300}) {
      Attention a;
      a.terms.softmax_scale = 1;
      a.q = Matrix(1, 2);
      a.q.entries = {size, size};
      a.keys = {Matrix(3, 2)};
      a.keys[0].entries = {size, -size, size, size, -size, size};  // scores 0, 2 size^2, 0
      a.values = {Matrix(3, 1)};
      a.values[0].entries = {-1, 3, 2};
      CAPTURE(size);
      ExactAttention result = exact_attention(a, arithmetic);
      CHECK(std::abs(result.out.at(0, 0) - 3) <= result.row_error[0]);
      CHECK(result.row_error[0] < 1e-5);
      a.q.entries = {size, 0};  // a tie of the first two
      result = exact_attention(a, arithmetic);
      CHECK(std::abs(result.out.at(0, 0) - 1) <= result.row_error[0]);
      CHECK(result.row_error[0] < 4.1);
    }
}

TEST_CASE("a masked key costs the other tuples no accuracy") {
  for (const auto arithmetic : {Arithmetic::f64, Arithmetic::f32}) {
    Random random(115, 0);
    Attention a = uneven_attention(random, 3, 1);
    for (std::size_t i = 0; i < a.q.rows; ++i) a.q.at(i, 0) = 1;
    for (std::size_t j = 0; j < a.keys[1].rows; ++j) a.keys[1].at(j, 0) = j % 3 == 0 ? -1e9 : 0;
    for (std::size_t j = 0; j < a.keys[0].rows; ++j) a.keys[0].at(j, 0) = 1;
    require_within_bound(a, arithmetic);
    CHECK(largest_error(exact_attention(a, arithmetic)) < (arithmetic == Arithmetic::f64 ? 1e-12 : 1e-3));
  }
}

TEST_CASE("outputs beyond the doubles are refused with the number") {
  Random random(117, 0);
  Attention a = uneven_attention(random, 3, 1);
  a.values[0].at(0, 0) = a.values[1].at(0, 0) = 1e200;
  CHECK_THROWS_WITH_AS(exact_attention(a), doctest::Contains("products of values may reach 2^1330"), LimitReached);
}

TEST_CASE("products of very large and very small entries: inside the bound, refused only where outputs are beyond the doubles") {
  const std::vector<int> exponents{-170, 0, 170};
  std::size_t refused = 0, inside = 0;
  for (const auto arithmetic : {Arithmetic::f64, Arithmetic::f32})
    for (std::size_t keys = 1; keys <= 3; ++keys) {
      std::size_t choices = 1;
      for (std::size_t u = 0; u <= keys; ++u) choices *= 3;
      for (std::size_t choice = 0; choice < choices; ++choice)
        for (const bool in_values : {false, true}) {
          const double base = arithmetic == Arithmetic::f32 ? std::pow(10, 30.0 / 170) : 10;
          std::size_t rest = choice;
          const auto next = [&] {
            const double x = std::pow(base, exponents[rest % 3]);
            rest /= 3;
            return x;
          };
          Attention a;
          a.terms.softmax_scale = 1;
          a.q = Matrix(1, 1);
          a.q.entries = {in_values ? 1.0 : next()};
          for (std::size_t u = 0; u < keys; ++u) {
            const bool last = u + 1 == keys;
            Matrix k(last ? 2 : 1, 1), v(last ? 2 : 1, 1);
            const double key = in_values ? 1.0 : next(), value = in_values ? next() : 1.0;
            k.entries[0] = key;
            v.entries[0] = value;
            if (last) k.entries[1] = -key;
            a.keys.push_back(k);
            a.values.push_back(v);
          }
          CAPTURE(keys);
          CAPTURE(choice);
          CAPTURE(in_values);
          try {
            const ExactAttention result = exact_attention(a, arithmetic);
            const Ball truth = outputs_by_balls(a, 0, 1, 4096)[0];
            REQUIRE(abs(mpq_class(result.out.at(0, 0)) - lower(truth)) <=
                    mpq_class(result.row_error[0]) + (upper(truth) - lower(truth)));
            ++inside;
          } catch (const LimitReached&) {
            REQUIRE(in_values);
            ++refused;
          }
        }
    }
  CHECK(refused > 2);
  CHECK(inside > 200);
}
