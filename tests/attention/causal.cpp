// SPDX-License-Identifier: MIT
// Attention under a causal mask against the definition in long double, and gradients against differences.
#include "attention/causal.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "attention/polynomial_gradient.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/attention/attention_cases.hpp"
#include "tests/multiplier.hpp"
#include "verify/recover_bits.hpp"

using namespace gapwright;

namespace {

/// The definition, with every tuple looked at.
std::vector<std::vector<long double>> by_definition(const Attention& a) {
  std::vector<std::vector<long double>> out(a.q.rows, std::vector<long double>(a.values[0].columns));
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    long double total = 0;
    std::vector<std::size_t> tuple(a.keys.size(), 0);
    for (bool more = true; more;) {
      bool seen = true;
      long double score = 0;
      for (std::size_t u = 0; u < tuple.size(); ++u) seen &= tuple[u] <= i;
      for (std::size_t l = 0; l < a.q.columns; ++l) {
        long double product = a.q.at(i, l);
        for (std::size_t u = 0; u < tuple.size(); ++u) product *= a.keys[u].at(tuple[u], l);
        score += product;
      }
      const long double weight = seen ? std::exp(score * a.terms.softmax_scale) : 0;
      total += weight;
      for (std::size_t c = 0; c < out[i].size(); ++c) {
        long double value = weight;
        for (std::size_t u = 0; u < tuple.size(); ++u) value *= a.values[u].at(tuple[u], c);
        out[i][c] += value;
      }
      std::size_t u = tuple.size();
      while (u-- > 0 && ++tuple[u] == a.keys[u].rows) tuple[u] = 0;
      more = u != static_cast<std::size_t>(-1);
    }
    for (long double& x : out[i]) x /= total;
  }
  return out;
}

/// All sizes different, more queries than keys or fewer.
Attention causal_case(Random& random) {
  Attention a = uneven_attention(random, 2 + random.below(3), 1.5);
  a.terms.causal = true;
  const std::size_t rows = random.bit() ? 1 + random.below(4) : 20 + random.below(140);
  a.q = random_matrix(random, rows, a.q.columns, 1.5);
  return a;
}

double loss(const Attention& a, const Matrix& upstream) {
  const auto out = by_definition(a);
  long double sum = 0;
  for (std::size_t i = 0; i < a.q.rows; ++i)
    for (std::size_t c = 0; c < out[i].size(); ++c) sum += out[i][c] * upstream.at(i, c);
  return static_cast<double>(sum);
}

}  // namespace

TEST_CASE("causal: exact and certified outputs are those of the masked definition") {
  for (int round = 0; round < cases(12); ++round) {
    Random random(2110, static_cast<std::uint64_t>(round));
    const Attention a = causal_case(random);
    const auto truth = by_definition(a);
    const ExactAttention exact = exact_attention(a), narrow = exact_attention(a, Arithmetic::f32);
    const CertifiedAttention certified = a.q.rows < 10 ? certified_attention(a) : CertifiedAttention{};
    CAPTURE(round);
    for (std::size_t i = 0; i < a.q.rows; ++i)
      for (std::size_t c = 0; c < truth[i].size(); ++c) {
        const auto t = static_cast<double>(truth[i][c]);
        REQUIRE(std::abs(exact.out.at(i, c) - t) <= exact.row_error[i]);
        REQUIRE(std::abs(exact.out.at(i, c) - t) <= 1e-12);
        REQUIRE(std::abs(narrow.out.at(i, c) - t) <= narrow.row_error[i]);
        if (certified.out.rows != 0) REQUIRE(std::abs(certified.out.at(i, c) - t) <= 1e-15 + certified.error);
      }
  }
}

TEST_CASE("causal: gradients are those of the masked loss, for any number of threads") {
  for (int round = 0; round < cases(6); ++round) {
    Random random(2111, static_cast<std::uint64_t>(round));
    Attention a = uneven_attention(random, 2 + random.below(2), 1.0);
    a.terms.causal = true;
    for (Matrix* m : {&a.keys[0], &a.values[0]}) *m = random_matrix(random, 5, m->columns, 1.0);
    a.q = random_matrix(random, 7, a.q.columns, 1.0);
    const Matrix upstream = random_matrix(random, 7, a.values[0].columns, 1.0);
    const AttentionGradient g = exact_gradient(a, upstream).gradient;
    CHECK(exact_gradient(a, upstream, Arithmetic::f64, {1, nullptr, {}}).gradient.keys[0].entries == g.keys[0].entries);
    const auto check = [&](Matrix& m, const Matrix& slope) {
      for (int probe = 0; probe < 6; ++probe) {
        const std::size_t x = random.below(m.entries.size());
        const double kept = m.entries[x], step = 1e-5;
        m.entries[x] = kept + step;
        const double up = loss(a, upstream);
        m.entries[x] = kept - step;
        const double down = loss(a, upstream);
        m.entries[x] = kept;
        REQUIRE(std::abs((up - down) / (2 * step) - slope.entries[x]) <= 1e-8);
      }
    };
    check(a.q, g.q);
    for (std::size_t u = 0; u < a.keys.size(); ++u) {
      check(a.keys[u], g.keys[u]);
      check(a.values[u], g.values[u]);
    }
  }
}

TEST_CASE("causal: a key that no row sees has gradient 0, row 0 sees key 0 alone") {
  Random random(2112, 0);
  Attention a = uneven_attention(random, 2, 1.0);
  a.terms.causal = true;
  a.q = random_matrix(random, 3, a.q.columns, 1.0);
  const ExactGradient g = exact_gradient(a, random_matrix(random, 3, a.values[0].columns, 1.0));
  for (std::size_t c = 0; c < a.values[0].columns; ++c) CHECK(g.forward.out.at(0, c) == doctest::Approx(a.values[0].at(0, c)));
  for (std::size_t c = 0; c < a.q.columns; ++c) CHECK(g.gradient.keys[0].at(3, c) == 0);
}

TEST_CASE("causal: what does not compute the mask refuses") {
  Random random(2113, 0);
  Attention a = uneven_attention(random, 2, 0.5);
  a.terms.causal = true;
  PolynomialOptions options;
  options.prove = polynomial_prover();
  options.prove_remainder = remainder_prover();
  CHECK_THROWS_AS(polynomial_attention(a, options), LimitReached);
  CHECK_THROWS_AS(polynomial_gradient(a, Matrix(a.q.rows, a.values[0].columns), options), LimitReached);
  CHECK(!recover_bits(a).bits);
}
