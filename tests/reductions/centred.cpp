// SPDX-License-Identifier: MIT
// Centred keys, k = 2 (docs/reductions.md, Theorem R12).
#include <doctest/doctest.h>

#include <bit>
#include <cmath>

#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/real_bounds.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/recover_bits.hpp"

using namespace gapwright;
using conformance::broken_oracles;

namespace {

/// A Gap-2-MaxIP instance whose thresholds are a margin of one apart at its largest product, above it, or below.
GapMaxIp margin_one(Random& random) {
  const OrthogonalVectors ov = corner_vectors(random, 2, 6, 7);
  GapMaxIp g;
  g.dimension = ov.dimension;
  g.sets = ov.sets;
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < g.sets[0].rows; ++i)
    for (std::size_t j = 0; j < g.sets[1].rows; ++j)
      largest = std::max<std::uint64_t>(largest, inner_product({&g.sets[0], &g.sets[1]}, {i, j}));
  const bool yes = largest > 0 && random.below(2) == 0;
  g.gap.yes_at_least = static_cast<std::int64_t>(largest) + (yes ? 0 : 1);
  g.gap.no_at_most = g.gap.yes_at_least - 1;
  return g;
}

/// Softmax in balls straight from the written entries, against counts at the weight gamma of the bits.
void check_two_routes(const BitAttention& a) {
  const Attention full = written_out(a);
  const auto by_balls = outputs_by_balls(full, 0, full.q.rows, 256);
  const auto by_counts = outputs_by_counts(a, 0, full.q.rows, 256);
  for (std::size_t i = 0; i < by_balls.size(); ++i) {
    REQUIRE(overlap(by_balls[i], by_counts[i]));
    REQUIRE(upper(by_balls[i]) - lower(by_balls[i]) < mpq_class(1, 1'000'000'000));
  }
  const RecoveredBits recovered = recover_bits(full);
  REQUIRE(recovered.bits.has_value());
  if (recovered.bits->centred) {
    REQUIRE(recovered.bits->keys == a.keys);
    REQUIRE(score_weight(*recovered.bits) == score_weight(a));
  }
  const auto from_file = outputs_by_counts(*recovered.bits, 0, full.q.rows, 256);
  for (std::size_t i = 0; i < by_balls.size(); ++i) REQUIRE(overlap(by_balls[i], from_file[i]));
}

}  // namespace

TEST_CASE("centred keys, direct: all five oracles, thresholds as uncentred at the same gamma, two routes to every output") {
  std::size_t yes = 0;
  for (int round = 0; round < cases(40); ++round) {
    Random random(641, static_cast<std::uint64_t>(round));
    const OrthogonalVectors ov = corner_vectors(random, 2, 7, 6);
    CAPTURE(round);
    DirectOptions options;
    options.centred = true;
    options.square = random.below(3) == 0;
    options.causal = !options.square && random.below(3) == 0;
    const OrthogonalVectorsToAttention rule(ov, options);
    REQUIRE(broken_oracles(rule, ov, !options.square && !options.causal).empty());
    const BitAttention a = rule.target(0);
    REQUIRE(a.terms.embedding == "direct-centred");
    check_two_routes(a);
    yes += conformance::all_witnesses(ov).empty() ? 0 : 1;
  }
  CHECK(yes > 0);
  CHECK(yes < static_cast<std::size_t>(cases(40)));
}

TEST_CASE("centred keys, sharp and paper: all five oracles with a margin of one") {
  for (int round = 0; round < cases(40); ++round) {
    Random random(643, static_cast<std::uint64_t>(round));
    const GapMaxIp g = margin_one(random);
    CAPTURE(round);
    for (const Embedding kind : {Embedding::sharp, Embedding::paper}) {
      const GapMaxIpToAttention rule(g, kind, true);
      REQUIRE(broken_oracles(rule, g, true).empty());
      check_two_routes(rule.target(0));
    }
  }
}

TEST_CASE(
    "centred keys: B is smaller by the square root of 2, the next smaller number is too small, and an uncentred reading is "
    "noticed") {
  for (const int bits : {53, 24, 11, 8})
    for (const std::size_t dimension : {1U, 2U, 30U, 1000U}) {
      DirectOptions options;
      options.significand_bits = bits;
      const std::vector<mpz_class> sizes{5, 64};
      const DirectEmbedding plain = direct_embedding(sizes, dimension, options);
      options.centred = true;
      const DirectEmbedding centred = direct_embedding(sizes, dimension, options);
      const double step = std::ldexp(1.0, 1 - bits);
      CHECK(centred.dimension == plain.dimension);
      CHECK(centred.entry_bound == doctest::Approx(plain.entry_bound / std::sqrt(2.0)).epsilon(2 * step));
      const mpq_class wanted = log_bounds(mpq_class(64 * 16)).upper;
      CHECK(centred.gamma >= wanted);
      const int exponent = std::ilogb(centred.entry_bound);
      const mpq_class smaller(centred.entry_bound - std::ldexp(1.0, exponent + 1 - bits));
      CHECK(2 * smaller * smaller * mpq_class(centred.softmax_scale) < wanted);
    }
  Random random(647, 0);
  OrthogonalVectors ov = corner_vectors(random, 2, 5, 5);
  ov.sets[0] = BitMatrix(2, ov.dimension);
  for (std::size_t c = 0; c < ov.dimension; ++c) ov.sets[0].set(0, c), ov.sets[0].set(1, c, c == 0);
  DirectOptions options;
  options.centred = true;
  BitAttention a = OrthogonalVectorsToAttention(ov, options).target(0);
  const auto right = outputs_by_balls(written_out(a), 0, 1, 128);
  a.centred = false;  // mutant: the weight of the bits without the factor 2
  CHECK_FALSE(overlap(outputs_by_counts(a, 0, 1, 128)[0], right[0]));
}

TEST_CASE("what a coordinate costs: both sides of 1 - 2^(1-k), k = 2..6") {
  for (std::size_t k = 2; k <= 6; ++k) {
    const std::size_t keys = k - 1, points = std::size_t{1} << keys;
    // Signs of (a_1(0), a_1(1), a_2(0), ...): <g, term> is affine in each, so these are the extreme points.
    mpq_class largest = 0;
    for (std::size_t signs = 0; signs < std::size_t{1} << (2 * keys); ++signs) {
      mpq_class sum = 0;
      for (std::size_t x = 0; x < points; ++x) {
        int term = 1;
        for (std::size_t u = 0; u < keys; ++u) term *= (signs >> (2 * u + ((x >> u) & 1))) & 1 ? 1 : -1;
        sum += term * (mpq_class(1, static_cast<unsigned long>(points)) - (x + 1 == points ? 1 : 0));
      }
      largest = std::max(largest, mpq_class(abs(sum)));
    }
    CHECK(largest == 1);
    // The terms that attain it: for x_0 = 1 they are the product up to a constant, for x_0 = 0 nothing.
    mpq_class constant;
    for (std::size_t x = 0; x < points; ++x) {
      mpq_class sum = 0;
      for (std::size_t subset = 1; subset < points; ++subset) {
        const int parity = std::popcount(subset) + std::popcount(subset & x);
        sum += mpq_class(parity % 2 == 0 ? 1 : -1, static_cast<unsigned long>(points));
      }
      if (x == 0) constant = sum;
      CHECK(sum - constant == (x + 1 == points ? 1 : 0));
    }
    // There are 2^(k-1) - 1 subsets, of weight 2^(1-k) each: 1 - 2^(1-k) in all, what <g, .> and the largest term ask for.
    CHECK(mpq_class(static_cast<unsigned long>(points - 1), static_cast<unsigned long>(points)) * largest ==
          1 - mpq_class(1, static_cast<unsigned long>(points)));
  }
}

TEST_CASE("centred keys are refused beyond order 2") {
  DirectOptions options;
  options.centred = true;
  CHECK_THROWS_AS(direct_embedding({2, 2, 2}, 3, options), std::invalid_argument);
  CHECK_THROWS_AS(gap_embedding(Embedding::sharp, {2, 2, 2}, 4, {2, 1}, mpq_class(1, 16), true), std::invalid_argument);
}
