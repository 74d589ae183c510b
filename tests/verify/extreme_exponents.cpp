// SPDX-License-Identifier: MIT
// Entries with exponents from -300 to 300, keys masked with -1e9: certified outputs and verdicts against MPFR.
#include <doctest/doctest.h>
#include <mpfr.h>

#include <cmath>

#include "instances/attention.hpp"
#include "instances/files/narrow.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "verify/attention_balls.hpp"
#include "verify/certified.hpp"
#include "verify/exact_scores.hpp"
#include "verify/weight_quotient.hpp"

using namespace gapwright;

namespace {

/// An MPFR number that frees itself.
struct Real {
  mpfr_t x;
  explicit Real(mpfr_prec_t bits) {
    mpfr_init2(x, bits);
    mpfr_set_zero(x, 1);
  }
  Real(const Real& other) : Real(mpfr_get_prec(other.x)) { mpfr_set(x, other.x, MPFR_RNDN); }
  Real& operator=(const Real&) = delete;
  ~Real() { mpfr_clear(x); }
};

constexpr mpfr_prec_t kExactBits = 40'000, kBits = 1400;  // a score of k = 5 has at most 13,000; 400 digits for the rest

/// out[row, c] by the definition: scores without any rounding, then softmax in 400 digits.
mpq_class exact_output(const Attention& a, std::size_t row, std::size_t c) {
  std::vector<Real> scores, values;
  std::vector<std::size_t> tuple(a.keys.size(), 0);
  for (;;) {
    Real score(kExactBits), value(kExactBits), product(kExactBits);
    mpfr_set_ui(value.x, 1, MPFR_RNDN);
    for (std::size_t u = 0; u < tuple.size(); ++u) mpfr_mul_d(value.x, value.x, a.values[u].at(tuple[u], c), MPFR_RNDN);
    for (std::size_t l = 0; l < a.q.columns; ++l) {
      mpfr_set_d(product.x, a.terms.softmax_scale, MPFR_RNDN);
      mpfr_mul_d(product.x, product.x, a.q.at(row, l), MPFR_RNDN);
      for (std::size_t u = 0; u < tuple.size(); ++u) mpfr_mul_d(product.x, product.x, a.keys[u].at(tuple[u], l), MPFR_RNDN);
      mpfr_add(score.x, score.x, product.x, MPFR_RNDN);
    }
    scores.push_back(score);
    values.push_back(value);
    std::size_t u = tuple.size();
    while (u-- > 0 && ++tuple[u] == std::min(a.keys[u].rows, a.terms.causal ? row + 1 : a.keys[u].rows)) tuple[u] = 0;
    if (u == static_cast<std::size_t>(-1)) break;
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < scores.size(); ++i)
    if (mpfr_greater_p(scores[i].x, scores[best].x)) best = i;
  const Real largest = scores[best];
  Real above(kBits), below(kBits), weight(kBits), term(kBits);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    mpfr_sub(scores[i].x, scores[i].x, largest.x, MPFR_RNDN);
    mpfr_exp(weight.x, scores[i].x, MPFR_RNDN);
    mpfr_mul(term.x, weight.x, values[i].x, MPFR_RNDN);
    mpfr_add(above.x, above.x, term.x, MPFR_RNDN);
    mpfr_add(below.x, below.x, weight.x, MPFR_RNDN);
  }
  mpfr_div(above.x, above.x, below.x, MPFR_RNDN);
  if (mpfr_zero_p(above.x) || mpfr_get_exp(above.x) < -200'000) return 0;
  mpq_class q;
  mpfr_get_q(q.get_mpq_t(), above.x);
  return q;
}

double extreme_entry(Random& random, Dtype dtype) {
  if (random.below(6) == 0) return 0;
  if (random.below(8) == 0) return random.bit() ? -1e9 : 1;
  const int reach = dtype == Dtype::f64 ? 300 : dtype == Dtype::f16 ? 4 : 37;
  const double exponent = random.bit() ? (2 * random.unit() - 1) * reach : (2 * random.unit() - 1) * 2;
  return (random.bit() ? 1 : -1) * std::pow(10.0, exponent);
}

Matrix extreme_matrix(Random& random, std::size_t rows, std::size_t columns, Dtype dtype) {
  Matrix m(rows, columns);
  for (double& x : m.entries) {
    const double y = extreme_entry(random, dtype);
    x = rounded_to(dtype, dtype == Dtype::f16 ? std::clamp(y, -6e4, 6e4) : y);
  }
  return m;
}

Attention extreme_attention(Random& random) {
  const Dtype types[] = {Dtype::f64, Dtype::f32, Dtype::f16, Dtype::bf16};
  const Dtype dtype = types[random.below(4)];
  Attention a;
  const std::size_t order = 2 + random.below(4), d = 1 + random.below(4), columns = 1 + random.below(2);
  a.terms.softmax_scale = random.bit() ? 1.0 / static_cast<double>(d) : extreme_entry(random, Dtype::f64);
  a.terms.causal = random.below(3) == 0;
  a.q = extreme_matrix(random, 1 + random.below(3), d, dtype);
  for (std::size_t u = 1; u < order; ++u) {
    const std::size_t rows = 1 + random.below(order == 2 ? 8 : 3);
    a.keys.push_back(extreme_matrix(random, rows, d, dtype));
    a.values.push_back(extreme_matrix(random, rows, columns, dtype));
  }
  return a;
}

mpq_class dyadic(double x) { return mpq_class(x); }

}  // namespace

TEST_CASE("extreme exponents: certified outputs enclose the definition and their error is true") {
  int refused = 0, tight = 0;
  const int rounds = cases(150);
  for (int round = 0; round < rounds; ++round) {
    Random random(2101, static_cast<std::uint64_t>(round));
    const Attention a = extreme_attention(random);
    CAPTURE(round);
    CertifiedAttention result;
    try {
      result = certified_attention(a);
    } catch (const LimitReached&) {  // an output beyond f64: only values can do that
      ++refused;
      continue;
    }
    for (std::size_t i = 0; i < a.q.rows; ++i)
      for (std::size_t c = 0; c < a.values[0].columns; ++c) {
        const mpq_class truth = exact_output(a, i, c), slack = abs(truth) * mpq_class(0x1p-1000);
        if (std::isfinite(result.lo.at(i, c))) REQUIRE(dyadic(result.lo.at(i, c)) <= truth + slack);
        if (std::isfinite(result.hi.at(i, c))) REQUIRE(dyadic(result.hi.at(i, c)) >= truth - slack);
        if (std::isfinite(result.error)) REQUIRE(abs(truth - dyadic(result.out.at(i, c))) <= dyadic(result.error) + slack);
      }
    double largest = 0;
    for (const double x : result.out.entries) largest = std::max(largest, std::abs(x));
    tight += result.error <= std::max(largest * 0x1p-51, 0x1p-1000);
  }
  CHECK(refused < rounds / 2);
  CHECK(tight + refused >= rounds * 9 / 10);
}

TEST_CASE("extreme exponents: balls and exact scores give the verdict of the definition") {
  int yes = 0, no = 0, undecided = 0;
  for (int round = 0; round < cases(150); ++round) {
    Random random(2102, static_cast<std::uint64_t>(round));
    Attention a = extreme_attention(random);
    a.terms.yes_at_least = random.bit() ? mpq_class(3, 5) : mpq_class(mpz_class(1), mpz_class(1) << 900);
    a.terms.no_at_most = mpq_class(*a.terms.yes_at_least / 3);
    CAPTURE(round);
    const mpq_class middle = (*a.terms.yes_at_least + *a.terms.no_at_most) / 2;
    std::optional<std::size_t> first;
    for (std::size_t i = a.q.rows; i-- > 0;)
      if (exact_output(a, i, 0) > middle) first = i;
    const Verdict verdict = decide_by_balls(a);
    if (verdict.answer == Answer::undecided) {
      ++undecided;
      continue;
    }
    REQUIRE((verdict.answer == Answer::yes) == first.has_value());
    if (first) REQUIRE(verdict.row == *first);
    if (first) REQUIRE(verdict.lo > middle);
    (first ? yes : no) += 1;
    if (a.terms.causal || *a.terms.yes_at_least < mpq_class(1, 2)) continue;
    Recording recording;
    const Verdict exact = decide_by_exact_scores(a, {}, recording);
    REQUIRE(exact.answer == verdict.answer);
    REQUIRE(exact.witness == verdict.witness);
  }
  CHECK(yes > cases(10));
  CHECK(no > cases(10));
  CHECK(undecided == 0);
}

TEST_CASE("extreme exponents: a key masked with -1e9 weighs nothing, whichever value it has") {
  Attention a;
  a.terms.softmax_scale = 1;
  a.q = Matrix(1, 1);
  a.q.at(0, 0) = 1;
  a.keys = {Matrix(2, 1)};
  a.keys[0].at(1, 0) = -1e9;
  a.values = {Matrix(2, 1)};
  a.terms.yes_at_least = mpq_class(1, 2);
  a.terms.no_at_most = mpq_class(1, 3);
  for (const double masked : {0.0, 1.0}) {
    a.values[0].at(0, 0) = 1 - masked;
    a.values[0].at(1, 0) = masked;
    const CertifiedAttention out = certified_attention(a);
    CHECK(out.out.at(0, 0) == 1 - masked);
    CHECK(out.error <= 0x1p-53);
    CHECK((decide_by_balls(a).answer == Answer::yes) == (masked == 0));
    Recording recording;
    CHECK((decide_by_exact_scores(a, {}, recording).answer == Answer::yes) == (masked == 0));
  }
}

TEST_CASE("extreme exponents: the floor of 1 - e^(-10^9), of e^(-10^9) and of -e^(-10^9)") {
  const auto floor_of = [](int at_zero, int far) {
    WeightQuotient quotient;
    quotient.add(0, at_zero, 1);
    quotient.add(-1'000'000'000, far, 1);
    return quotient.scaled_floor(64);
  };
  const mpz_class one = mpz_class(1) << 64;
  CHECK(floor_of(1, 0) == one - 1);
  CHECK(floor_of(1, 1) == one);
  CHECK(floor_of(1, 2) == one);
  CHECK(floor_of(0, 1) == 0);
  CHECK(floor_of(0, 0) == 0);
  CHECK(floor_of(0, -1) == -1);
}

TEST_CASE("extreme exponents: counted outputs for any gamma") {
  for (const double bound : {1e5, 1e80, 1e150})
    for (const int sign : {1, -1}) {
      BitAttention a;
      a.terms.softmax_scale = 1;
      a.terms.entry_bound = bound;
      a.terms.yes_at_least = mpq_class(3, 5);
      a.terms.no_at_most = mpq_class(2, 5);
      a.sign = sign;
      a.queries = BitMatrix(1, 2);
      a.queries.set(0, 0);
      a.queries.set(0, 1);
      a.keys = {BitMatrix(2, 2)};
      a.keys[0].set(0, 0);  // <q, k_0> = 1, <q, k_1> = 2
      a.keys[0].set(1, 0);
      a.keys[0].set(1, 1);
      for (const bool heavy : {true, false}) {
        const std::size_t heavier = sign > 0 ? 1 : 0;
        a.values = {{0, 0}};
        a.values[0][heavy ? heavier : 1 - heavier] = 1;
        CAPTURE(bound);
        CAPTURE(sign);
        for (const CountMethod method : {CountMethod::verdict, CountMethod::histogram})
          CHECK((decide_by_counts(a, method).answer == Answer::yes) == heavy);
        CHECK((decide_by_balls(written_out(a)).answer == Answer::yes) == heavy);
      }
    }
}
