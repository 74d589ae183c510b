// SPDX-License-Identifier: MIT
#include "reductions/orthogonal_vectors_to_attention.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "reductions/real_bounds.hpp"
#include "support/errors.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "verify/attention_balls.hpp"

using namespace gapwright;
using conformance::broken_oracles;

namespace {

BitMatrix rows(std::initializer_list<std::initializer_list<int>> bits) {
  BitMatrix m(bits.size(), bits.begin()->size());
  std::size_t r = 0;
  for (const auto& row : bits) {
    std::size_t c = 0;
    for (const int bit : row) m.set(r, c++, bit != 0);
    ++r;
  }
  return m;
}

/// The largest output, as a double, with the certified bounds it lies in.
double largest_output(const BitAttention& a) { return mpq_class(conformance::measure(a).hi).get_d(); }

struct Mutant {
  using Source = OrthogonalVectors;
  using Target = BitAttention;
  OrthogonalVectorsToAttention rule;
  enum Kind { no_mixed_coordinate, pad_counts, positive_sign, small_entries, lost_coordinate, shifted_pull } kind;

  Guarantee guarantee() const { return rule.guarantee(); }
  BitAttention target(const mpz_class& i) const {
    BitAttention a = rule.target(i);
    const std::size_t d = rule.embedding().vector_dimension;
    for (std::size_t r = 0; r < a.queries.rows; ++r) {
      if (kind == no_mixed_coordinate) a.queries.set(r, d, false);
      if (kind == lost_coordinate) a.queries.set(r, 0, false);
    }
    if (kind == pad_counts) a.values[0].back() = a.values[1].back() = 1;
    if (kind == positive_sign) a.sign = 1;
    if (kind == small_entries) a.terms.entry_bound *= 0.7;
    return a;
  }
  std::pair<mpz_class, BitAttention::Witness> push(const OrthogonalVectors::Witness& w) const { return rule.push(w); }
  OrthogonalVectors::Witness pull(const mpz_class& i, const BitAttention::Witness& t) const {
    auto w = rule.pull(i, t);
    if (kind == shifted_pull) w[1] = (w[1] + 1) % 3;
    return w;
  }
  std::vector<LiftStep> lift() const { return rule.lift(); }
};

}  // namespace

TEST_CASE("direct embedding: all five oracles, k = 2..5, unequal sets, yes and no") {
  std::size_t no = 0, yes = 0;
  for (int round = 0; round < cases(60); ++round) {
    Random random(29, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + random.below(4);
    const OrthogonalVectors ov = corner_vectors(random, order, order == 2 ? 9 : order == 5 ? 2 : 4, 6);
    CAPTURE(round);
    REQUIRE(broken_oracles(OrthogonalVectorsToAttention(ov), ov, true).empty());
    (conformance::all_witnesses(ov).empty() ? no : yes) += 1;
  }
  CHECK(no >= 10 * static_cast<std::size_t>(cases(60)) / 60);
  CHECK(yes >= 10 * static_cast<std::size_t>(cases(60)) / 60);
}

TEST_CASE("direct embedding: --square keeps the answer and every witness pulls back") {
  for (int round = 0; round < cases(40); ++round) {
    Random random(31, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + random.below(3);
    const OrthogonalVectors ov = corner_vectors(random, order, 4, 5);
    DirectOptions options;
    options.square = true;
    const OrthogonalVectorsToAttention rule(ov, options);
    CAPTURE(round);
    REQUIRE(broken_oracles(rule, ov, false).empty());
    const BitAttention a = rule.target(0);
    for (const BitMatrix& keys : a.keys) REQUIRE(keys.rows == a.queries.rows);
    for (std::size_t i = 0; i < a.queries.rows; ++i)
      REQUIRE(a.queries.get(i, a.queries.columns - 1) == (order > 2 || ov.sets[0].get(i % ov.sets[0].rows, ov.dimension - 1)));
  }
}

TEST_CASE("direct embedding: the worked example of the file's head attains the YES threshold") {
  const OrthogonalVectors ov{1, {rows({{1}}), rows({{0}})}, {}};
  const OrthogonalVectorsToAttention rule(ov);
  CHECK(rule.guarantee().yes_at_least == mpq_class(1, 2));
  CHECK(largest_output(rule.target(0)) == doctest::Approx(0.5).epsilon(1e-15));
}

TEST_CASE("direct embedding: both thresholds are tight where the margin is one, k = 3") {
  // NO: every tuple has inner product exactly 1; the output is the bound itself.
  const OrthogonalVectors no{2, {rows({{1, 0}}), rows({{1, 1}, {1, 0}}), rows({{1, 0}, {1, 1}, {1, 1}})}, {}};
  const OrthogonalVectorsToAttention no_rule(no);
  const auto measured = conformance::measure(no_rule.target(0));
  CHECK(measured.lo <= no_rule.guarantee().no_at_most);
  CHECK(mpq_class(no_rule.guarantee().no_at_most - measured.hi).get_d() < 1e-20);
  CHECK(no_rule.guarantee().no_at_most < mpq_class(1, 16));
  // One coordinate less in one vector, and it is YES, within the weight of the other tuples of the bound.
  OrthogonalVectors yes = no;
  yes.sets[1].set(1, 0, false);
  const OrthogonalVectorsToAttention yes_rule(yes);
  const auto above = conformance::measure(yes_rule.target(0));
  CHECK(above.hi >= yes_rule.guarantee().yes_at_least);
  CHECK(conformance::all_witnesses(yes).size() == 3);
}

TEST_CASE("direct embedding: mutants are caught") {
  // Needs mixed tuples that matter: no orthogonal tuple, all products 1.
  const OrthogonalVectors no{2, {rows({{1, 0}, {0, 1}}), rows({{1, 1}, {1, 1}, {1, 1}}), rows({{1, 1}, {1, 1}})}, {}};
  const OrthogonalVectors yes{2, {rows({{1, 0}, {1, 1}}), rows({{1, 1}, {0, 1}, {1, 1}}), rows({{1, 0}, {1, 1}})}, {}};
  const OrthogonalVectorsToAttention no_rule(no), yes_rule(yes);
  REQUIRE(broken_oracles(no_rule, no, true).empty());
  REQUIRE(broken_oracles(yes_rule, yes, true).empty());
  const auto caught = [&](Mutant::Kind kind) {
    return !broken_oracles(Mutant{no_rule, kind}, no, true).empty() || !broken_oracles(Mutant{yes_rule, kind}, yes, true).empty();
  };
  CHECK(caught(Mutant::no_mixed_coordinate));
  CHECK(caught(Mutant::pad_counts));
  CHECK(caught(Mutant::positive_sign));
  CHECK(caught(Mutant::small_entries));
  CHECK(caught(Mutant::lost_coordinate));
  CHECK(caught(Mutant::shifted_pull));
}

TEST_CASE("direct embedding: B is the smallest number of its format whose gamma reaches ln Nmain + ln(1/delta)") {
  for (const int bits : {53, 24, 11, 8})
    for (const std::size_t k : {std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
      DirectOptions options;
      options.significand_bits = bits;
      options.delta = mpq_class(1, 10);
      std::vector<mpz_class> sizes{7, 100, 5, 9};
      sizes.resize(k);
      const DirectEmbedding e = direct_embedding(sizes, 40, options);
      const auto wanted = log_bounds(mpq_class(e.main_tuples) * 10);
      CHECK(e.gamma >= wanted.lower);
      int exponent = 0;
      const double scaled = std::ldexp(std::frexp(e.entry_bound, &exponent), bits);
      CHECK(scaled == std::floor(scaled));
      const double smaller = std::ldexp(scaled - 1, exponent - bits);
      mpq_class gamma(e.softmax_scale);
      for (std::size_t u = 0; u < k; ++u) gamma *= mpq_class(smaller);
      CHECK(gamma < wanted.upper);
      if (bits == 24) CHECK(static_cast<double>(static_cast<float>(e.entry_bound)) == e.entry_bound);
    }
}

TEST_CASE("direct embedding: delta, orders and empty sets that do not fit are refused") {
  CHECK_THROWS_AS(direct_embedding({4}, 3), std::invalid_argument);
  CHECK_THROWS_AS(direct_embedding(std::vector<mpz_class>(25, mpz_class(2)), 3), std::invalid_argument);
  DirectOptions options;
  options.delta = 0;
  CHECK_THROWS_AS(direct_embedding({4, 4}, 3, options), std::invalid_argument);
  OrthogonalVectors ov{2, {BitMatrix(2, 2), BitMatrix(0, 2)}, {}};
  CHECK_THROWS_AS(OrthogonalVectorsToAttention{ov}, BadInstance);
}

TEST_CASE("real bounds enclose and are tight, for exp and log of rationals and for roots") {
  for (int round = 0; round < cases(100); ++round) {
    Random random(37, static_cast<std::uint64_t>(round));
    const mpz_class numerator = 1 + random.below(1'000'000), denominator = 1 + random.below(1000);
    mpq_class x(numerator, denominator);
    x.canonicalize();
    const mpq_class y = x / 1500;  // at most 667: a double holds e^-y
    const auto exp = exp_bounds(-y), log = log_bounds(x);
    CHECK(exp.lower < exp.upper);
    CHECK(mpq_class((exp.upper - exp.lower) / exp.lower).get_d() < 1e-50);
    CHECK(std::abs(mpq_class(exp.lower).get_d() / std::exp(-y.get_d()) - 1) < 1e-13);
    CHECK(std::abs(mpq_class(log.lower).get_d() - std::log(x.get_d())) < 1e-12);
    CHECK(log.lower <= log.upper);
  }
  CHECK(root_rounded_up(mpq_class(27), 3, 53) == 3);
  CHECK(root_rounded_up(mpq_class(2), 2, 53) == std::sqrt(2.0));                       // the nearest double lies above
  CHECK(root_rounded_up(mpq_class(3), 2, 53) == std::nextafter(std::sqrt(3.0), 2.0));  // the nearest double lies below
  CHECK(root_rounded_up(mpq_class(1025), 1, 8) == 1032);
}
