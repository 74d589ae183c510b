// SPDX-License-Identifier: MIT
// Gap-k-MaxIP over real vectors: the side of the theorem, whatever the order of rows and the way there.
#include "verify/real_gap.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "verify/certified.hpp"

using namespace gapwright;

namespace {

mpq_class exact_product(const RealGapMaxIp& g, const std::vector<std::size_t>& tuple) {
  mpq_class sum = 0;
  for (std::size_t c = 0; c < g.weights.size(); ++c) {
    mpq_class product(g.weights[c]);
    for (std::size_t u = 0; u < tuple.size(); ++u) product *= mpq_class(g.sets[u].at(tuple[u], c));
    sum += product;
  }
  return sum;
}

struct Truth {
  GapSide side = GapSide::no;
  std::size_t row = 0;
  std::optional<std::vector<std::size_t>> witness;
};

/// The theorem, with every tuple's exact product.
Truth truth_by_definition(const RealGapMaxIp& g, const mpq_class& rounding) {
  const mpq_class yes = mpq_class(g.gap.yes_at_least) - rounding, no = mpq_class(g.gap.no_at_most) + rounding;
  std::vector<mpq_class> largest;
  Truth truth;
  for (std::size_t row = 0; row < g.sets[0].rows; ++row) {
    std::optional<mpq_class> best;
    std::vector<std::size_t> tuple(g.sets.size(), 0);
    tuple[0] = row;
    for (;;) {
      const mpq_class product = exact_product(g, tuple);
      if (product >= yes && !truth.witness) truth.witness = tuple;
      if (!best || product > *best) best = product;
      std::size_t u = tuple.size();
      while (--u > 0 && ++tuple[u] == g.sets[u].rows) tuple[u] = 0;
      if (u == 0) break;
    }
    largest.push_back(*best);
  }
  const mpq_class top = *std::max_element(largest.begin(), largest.end());
  const bool can_be_yes = top >= yes, can_be_no = top <= no;
  truth.side = can_be_yes == can_be_no ? GapSide::outside_promise : can_be_yes ? GapSide::yes : GapSide::no;
  const mpq_class enough = can_be_yes ? yes : mpq_class(top - 2 * rounding);
  truth.row = static_cast<std::size_t>(
      std::find_if(largest.begin(), largest.end(), [&](const mpq_class& x) { return x >= enough; }) - largest.begin());
  if (truth.side != GapSide::yes) truth.witness.reset();
  return truth;
}

RealGapMaxIp random_gap(Random& random) {
  RealGapMaxIp g;
  const std::size_t order = 2 + random.below(3), d = 1 + random.below(4);
  const bool extreme = random.below(4) == 0;
  const double grid = random.bit() ? 0.25 : 0.1;
  g.gap.no_at_most = static_cast<std::int64_t>(random.below(2));
  g.gap.yes_at_least = g.gap.no_at_most + 1 + static_cast<std::int64_t>(random.below(2));
  for (std::size_t u = 0; u < order; ++u) {
    Matrix m(1 + random.below(4), d);
    for (double& x : m.entries) {
      x = grid * static_cast<double>(random.below(9)) - grid;
      if (extreme) x *= std::pow(10.0, 600.0 * random.unit() - 300);
    }
    g.sets.push_back(m);
  }
  g.weights.assign(d, 1.0);
  return g;
}

}  // namespace

TEST_CASE("real vectors: decide, its certified way and the definition agree on side, row and witness") {
  int sides[3] = {0, 0, 0};
  for (int round = 0; round < cases(600); ++round) {
    Random random(2120, static_cast<std::uint64_t>(round));
    RealGapMaxIp g = random_gap(random);
    const mpq_class choices[] = {
        0, mpq_class(1, 4), mpq_class(1, 10), mpq_class(1, 2), 3, mpq_class(mpz_class(1), mpz_class(1) << 60)};
    const mpq_class rounding = choices[random.below(6)];
    CAPTURE(round);
    const Truth truth = truth_by_definition(g, rounding);
    const GapVerdict verdict = decide_gap(g, rounding);
    REQUIRE(verdict.side == truth.side);
    REQUIRE(verdict.row == truth.row);
    REQUIRE(verdict.witness == truth.witness);
    ++sides[static_cast<int>(truth.side)];
    Recording recording;
    const Lift no_lift = [](const auto&) { return std::nullopt; };
    const CertificateContext context{{"0"}, "decide x", ""};
    if (2 * rounding >= g.gap.yes_at_least - g.gap.no_at_most) {
      CHECK_THROWS_AS(certify(g, rounding, context, no_lift, {}, recording), LimitReached);
      continue;
    }
    const auto certified = certify(g, rounding, context, no_lift, {}, recording);
    REQUIRE(certified.answer.side == truth.side);
    REQUIRE(certified.answer.row == truth.row);
    REQUIRE(certified.answer.witness == truth.witness);
    std::reverse(g.sets[0].entries.begin(), g.sets[0].entries.end());
    if (g.sets[0].columns == 1) REQUIRE(decide_gap(g, rounding).side == truth.side);  // rows in another order
  }
  for (const int side : sides) CHECK(side > cases(20));
}

TEST_CASE("real vectors: the smaller product first does not hide the larger one within the rounding") {
  RealGapMaxIp g;
  g.gap = {1, 0};
  g.weights = {1.0};
  g.sets = {Matrix(2, 1), Matrix(1, 1)};
  g.sets[1].at(0, 0) = 1;
  for (const bool swapped : {false, true}) {
    g.sets[0].at(swapped ? 1 : 0, 0) = 0.25;
    g.sets[0].at(swapped ? 0 : 1, 0) = 0.75;
    const GapVerdict verdict = decide_gap(g, mpq_class(1, 4));
    CHECK(verdict.side == GapSide::yes);
    CHECK(verdict.row == (swapped ? 0 : 1));
    CHECK(decide_gap(g, mpq_class(1, 8)).side == GapSide::outside_promise);
    CHECK(decide_gap(g, mpq_class(3, 4)).side == GapSide::outside_promise);  // a yes and a no are possible
  }
}

TEST_CASE("real vectors: products that underflow or cancel in doubles are taken exactly") {
  RealGapMaxIp g;
  g.gap = {1, 0};
  g.weights = {1.0, 1.0};
  g.sets.assign(4, Matrix(1, 2));
  const double entries[] = {1e-200, 1e-200, 1e200, 1e200};
  for (std::size_t u = 0; u < 4; ++u) g.sets[u].at(0, 0) = g.sets[u].at(0, 1) = entries[u];
  CHECK(decide_gap(g, 0).side == GapSide::yes);
  g.sets.assign(2, Matrix(1, 2));  // 1e300 1e300 - 1e300 1e300: no number in doubles
  g.sets[0].entries = {1e300, -1e300};
  g.sets[1].entries = {1e300, 1e300};
  CHECK(decide_gap(g, 0).side == GapSide::no);
}
