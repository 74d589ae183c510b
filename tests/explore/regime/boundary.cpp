// SPDX-License-Identifier: MIT
#include "explore/regime/boundary.hpp"

#include <cmath>

#include "explore/regime/feature_count.hpp"
#include "support/fields_in_message.hpp"
#include "tests/support.hpp"
#include "verify/attention_balls.hpp"

namespace gapwright {
namespace {

HardPair pair(std::size_t order, std::size_t rows, std::size_t dimension, Embedding embedding, PairFamily family,
              std::uint64_t seed = 1) {
  return hard_pair({order, rows, dimension, embedding, family, seed});
}

TEST_CASE("outputs from counts are those of plain softmax in balls on the written-out input, for every embedding and order") {
  for (const Embedding embedding : {Embedding::sharp, Embedding::paper, Embedding::direct})
    for (const std::size_t k : {2, 3}) {
      const HardPair p = pair(k, 5, 32, embedding, PairFamily::tight);
      const PairOutputs outputs(p.counted);
      const double bound = 0.7 * p.yes.terms.entry_bound;
      BitAttention yes = p.yes, no = p.no;
      yes.terms.entry_bound = no.terms.entry_bound = bound;
      const auto plain_yes = outputs_by_balls(written_out(yes), 0, 5, 192),
                 plain_no = outputs_by_balls(written_out(no), 0, 5, 192);
      const RowGap gap = outputs.gap(bound);
      mpq_class largest = 0;
      for (std::size_t i = 0; i < 5; ++i) {
        if (i != p.planted[0]) largest = std::max(largest, upper(plain_yes[i]));
        largest = std::max(largest, upper(plain_no[i]));
      }
      const mpq_class planted = upper(plain_yes[p.planted[0]]), tiny = planted / 1e25;
      CHECK(abs(gap.yes_lo - planted) < tiny);
      CHECK(abs(gap.no_hi - largest) < tiny);
      CHECK(gap.yes_lo <= planted);
      CHECK(gap.yes_hi - gap.yes_lo < tiny);
      const auto all = outputs.all(bound);
      CHECK(mpq_class(abs(mpq_class(all.no[2]) - lower(plain_no[2]))) <= mpq_class(all.error));
    }
}

TEST_CASE("the boundary is certified from both sides and is the smallest on a fine grid") {
  const HardPair p = pair(2, 16, 48, Embedding::sharp, PairFamily::planted);
  const PairOutputs outputs(p.counted);
  const auto bracket = outputs.boundary(GapKind::additive, 0.25, p.yes.terms.entry_bound);
  REQUIRE(bracket);
  CHECK(outputs.gap(bracket->lo).hi() < mpq_class(1, 4));
  CHECK(outputs.gap(bracket->hi).lo() >= mpq_class(1, 4));
  CHECK(bracket->hi / bracket->lo < 1 + 1e-6);
  for (int i = 1; i < 100; ++i) CHECK(outputs.gap(bracket->lo * i / 100).hi() < mpq_class(1, 4));
  CHECK(!outputs.boundary(GapKind::additive, 0.25, bracket->lo));
  const auto larger = outputs.boundary(GapKind::additive, 0.3, p.yes.terms.entry_bound);
  CHECK(larger->lo > bracket->hi);
}

TEST_CASE("a tight pair's boundary solves the closed form, and the worst case is never below it") {
  for (const std::size_t k : {2, 3, 4}) {
    const std::size_t n = 8;
    const HardPair p = pair(k, n, 48, Embedding::sharp, PairFamily::tight);
    const double main = std::pow(n, k - 1), mixed = std::pow(n + 1, k - 1) - main - 1, dimension = 69;
    const auto gap = [&](double bound) {
      const double gamma = std::pow(bound, k) / dimension, a = main * std::exp(-gamma * 3), b = mixed * std::exp(-gamma * 21);
      const double yes = 1 + a - a / main;
      return yes / (yes + 1 + b) - a / (a + 1 + b);
    };
    const auto found = PairOutputs(p.counted).boundary(GapKind::additive, 0.25, p.yes.terms.entry_bound);
    REQUIRE(found);
    CHECK(gap(found->hi) == doctest::Approx(0.25).epsilon(1e-5));
    const double worst = worst_case_boundary(Embedding::sharp, k, std::log(n), dimension, p.gap, GapKind::additive, 0.25);
    CHECK(worst > found->hi);
    CHECK(worst < p.yes.terms.entry_bound);
    // Where every inner product of a yes instance but one is 0 the worst case is attained; its closed form:
    const double gamma = std::pow(worst, k) / dimension, a = main * std::exp(-gamma * 3), b = mixed * std::exp(-gamma * 21);
    CHECK(1 / (2 + b) - a / (a + 1 + b) == doctest::Approx(0.25));
  }
}

TEST_CASE("the paper embedding is apart by a factor, losses by their own gap") {
  const HardPair paper = pair(2, 8, 48, Embedding::paper, PairFamily::tight);
  const PairOutputs outputs(paper.counted);
  const auto bracket = outputs.boundary(GapKind::relative, 0.25, 2 * paper.yes.terms.entry_bound);
  REQUIRE(bracket);
  const RowGap below = outputs.gap(bracket->lo), above = outputs.gap(bracket->hi);
  CHECK(below.no_lo > below.yes_hi * mpq_class(3, 4));
  CHECK(above.no_hi <= above.yes_lo * mpq_class(3, 4));
  CHECK(!outputs.boundary(GapKind::additive, 0.25, bracket->hi));
  const HardPair sharp = pair(2, 8, 48, Embedding::sharp, PairFamily::tight);
  const PairOutputs rows(sharp.counted);
  const double worst = worst_case_boundary(Embedding::sharp, 2, std::log(8.0), 69, sharp.gap, GapKind::loss, 0.0625);
  const auto loss = rows.boundary(GapKind::loss, 0.0625, 1.01 * worst);
  REQUIRE(loss);
  CHECK(rows.loss_gap(loss->lo).second < mpq_class(1, 16));
  CHECK(rows.loss_gap(loss->hi).first >= mpq_class(1, 16));
  CHECK(loss->hi > rows.boundary(GapKind::additive, 0.25, worst)->hi);
}

TEST_CASE("hard pairs keep the promise they state, or say that no draw did") {
  const HardPair p = pair(3, 8, 48, Embedding::sharp, PairFamily::planted);
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t s = 0; s < p.counted.yes[i].main.size(); ++s) {
      CHECK(p.counted.yes[i].main[s] == (static_cast<std::int64_t>(s) <= p.gap.no_at_most ? p.counted.yes[i].main[s]
                                         : i == p.planted[0] && static_cast<std::int64_t>(s) == p.gap.yes_at_least ? 1U
                                                                                                                   : 0U));
      if (static_cast<std::int64_t>(s) > p.gap.no_at_most) CHECK(p.counted.no[i].main[s] == 0);
    }
  const std::string broken = test::message_of<LimitReached>([] { pair(2, 256, 16, Embedding::sharp, PairFamily::planted); });
  CHECK(with_options(broken).find("--per-log") != std::string::npos);
  CHECK_THROWS_AS(named<PairFamily>("nonsense"), std::invalid_argument);
  CHECK_THROWS_AS(named<Embedding>("blunt"), std::invalid_argument);
  CHECK(test::message_of<std::invalid_argument>([] { pair(2, 8, 26, Embedding::paper, PairFamily::ksat); }).find("not paper") !=
        std::string::npos);
}

TEST_CASE("features: r = C(d + g, g), the least degree, and the half-length that a degree allows") {
  CHECK(feature_count(10, 3) == 286);
  CHECK(largest_degree(10, 285) == 2);
  CHECK(largest_degree(10, 286) == 3);
  CHECK(largest_degree(10, 1) == 0);
  CHECK(natural_log(mpz_class(1) << 2000) == doctest::Approx(2000 * std::log(2.0)));
  CHECK(degree_error(0.25, 0) == doctest::Approx(std::tanh(0.125)));  // rho = e^(2R), Theorem A2: tanh(R/2)
  for (const double error : {0.125, 1e-3})
    for (const double half_length : {0.1, 1.0, 4.0}) {
      const auto degree = degree_for(half_length, error);
      REQUIRE(degree);
      CHECK(degree_error(half_length, *degree) <= error);
      if (*degree > 0) CHECK(degree_error(half_length, *degree - 1) > error);
      CHECK(largest_half_length(*degree, error) >= half_length);
    }
  CHECK(!degree_for(30, 0.1));
  CHECK(!degree_for(1, 0));
}

}  // namespace
}  // namespace gapwright
