// SPDX-License-Identifier: MIT
#include "reductions/delta.hpp"

#include <doctest/doctest.h>

#include "atlas/route_sizes.hpp"
#include "codes/curve.hpp"
#include "reductions/attention_to_gradient.hpp"
#include "reductions/characters.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/real_attention.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "tests/conformance.hpp"
#include "tests/random_instances.hpp"
#include "tests/support.hpp"
#include "verify/attention_balls.hpp"

using namespace gapwright;

namespace {

const std::vector<std::vector<mpz_class>> kUnbalanced{
    {300, 1},        {1, 300},        {240, 1},       {241, 1},     {100'000, 3},
    {3, 100'000},    {1, 1},          {700, 1, 2},    {2, 1, 900},  {1, 800, 1},
    {1000, 1, 1000}, {5000, 2, 2, 1}, {2, 500, 1, 3}, {1, 1, 1, 1}, {90'000, 1, 1, 1, 1}};

struct Thresholds {
  mpq_class yes, no, delta;
  mpz_class rows;
};

/// Every embedding of sets of these sizes.
std::vector<Thresholds> all_embeddings(const std::vector<mpz_class>& sizes, const mpq_class& delta) {
  std::vector<Thresholds> all;
  for (const bool square : {false, true})
    for (const bool causal : {false, true})
      for (const bool centred : {false, true})
        for (const int bits : {53, 24, 11, 8}) {
          if (centred && sizes.size() != 2) continue;
          DirectOptions options;
          options.square = square;
          options.causal = causal;
          options.centred = centred;
          options.significand_bits = bits;
          options.delta = delta;
          const DirectEmbedding e = direct_embedding(sizes, 17, options);
          all.push_back({e.yes_at_least, e.no_at_most, e.delta, e.rows()});
        }
  for (const Gap gap : {Gap{1, 0}, {9, 8}, {17, 0}, {17, 16}})
    for (const Embedding kind : {Embedding::sharp, Embedding::paper})
      for (const bool centred : {false, true}) {
        if (centred && sizes.size() != 2) continue;
        const GapEmbedding e = gap_embedding(kind, sizes, 17, gap, delta, centred);
        all.push_back({e.yes_at_least, e.no_at_most, e.delta, sizes[0]});
      }
  return all;
}

/// q of that many rows and two columns with these thresholds: what the decision through gradients looks at before any gradient.
bool accepted_by_gradients(const mpq_class& yes, const mpq_class& no, std::size_t rows) {
  Attention a;
  a.terms.softmax_scale = 1;
  a.terms.yes_at_least = parse_decimal(decimal_down(yes, kThresholdDigits));
  a.terms.no_at_most = parse_decimal(decimal_up(no, kThresholdDigits));
  a.q = Matrix(rows, 2);
  a.keys = {Matrix(2, 2)};
  a.values = {Matrix(2, 1)};
  a.q.at(0, 0) = a.keys[0].at(0, 0) = a.values[0].at(0, 0) = 1;
  try {
    decide_by_gradients(a, [](const Attention& input) { return Matrix(input.q.rows, input.q.columns); });
    return true;
  } catch (const BadInstance&) {
    return false;
  }
}

}  // namespace

TEST_CASE("thresholds separate as written in every embedding, sizes apart by factors of 100 and more") {
  for (const auto& sizes : kUnbalanced)
    for (const mpq_class& delta : {mpq_class(1, 4), mpq_class(1, 16), mpq_class(1, 1000)})
      for (const Thresholds& t : all_embeddings(sizes, delta)) {
        const std::string what = sizes[0].get_str() + ", " + sizes[1].get_str() + "; delta " + delta.get_str();
        CAPTURE(what);
        REQUIRE(parse_decimal(decimal_down(t.yes, kThresholdDigits)) > parse_decimal(decimal_up(t.no, kThresholdDigits)));
        REQUIRE(t.no < delta);
      }
}

namespace {

/// Vectors of six bits. No tuple is orthogonal, unless the last query is to be.
OrthogonalVectors unbalanced_vectors(const std::vector<std::size_t>& sizes, bool answer, Random& random) {
  OrthogonalVectors ov{6, {}, {}};
  for (const std::size_t rows : sizes) {
    BitMatrix set(rows, 6);
    for (std::size_t r = 0; r < rows; ++r) {
      set.set(r, 0);
      for (std::size_t c = 1; c < 6; ++c) set.set(r, c, random.below(3) == 0);
    }
    ov.sets.push_back(std::move(set));
  }
  for (std::size_t c = 0; answer && c < 6; ++c) ov.sets[0].set(sizes[0] - 1, c, false);
  return ov;
}

/// The largest output by plain softmax in balls over the entries as written, on the side that the answer promises.
bool keeps_promise(const Attention& a, bool answer) {
  mpq_class most = -1;
  for (const Ball& out : outputs_by_balls(a, 0, a.q.rows, 128)) most = std::max(most, answer ? upper(out) : lower(out));
  return answer ? most >= *a.terms.yes_at_least : most <= *a.terms.no_at_most;
}

}  // namespace

TEST_CASE("thresholds hold by the definition in every embedding, sizes apart by factors of 100 and more, both ways") {
  const std::vector<std::vector<std::size_t>> all{{300, 1}, {1, 110}, {100, 1, 1}, {1, 1, 100}};
  for (std::size_t number = 0; number < all.size(); ++number)
    for (const bool answer : {true, false}) {
      Random random(73, number);
      const OrthogonalVectors ov = unbalanced_vectors(all[number], answer, random);
      CAPTURE(number);
      CAPTURE(answer);
      for (const bool square : {false, true})
        for (const bool centred : {false, true})
          for (const int bits : {53, 8}) {
            if ((centred || square) && ov.sets.size() != 2) continue;
            DirectOptions options;
            options.square = square;
            options.centred = centred;
            options.significand_bits = bits;
            REQUIRE(keeps_promise(written_out(OrthogonalVectorsToAttention(ov, options).target(0)), answer));
          }
      GapMaxIp g{ov.dimension, ov.sets, {}, {}};
      std::int64_t largest = 0;
      std::vector<const BitMatrix*> sets;
      for (const BitMatrix& set : g.sets) sets.push_back(&set);
      for (const auto& tuple : conformance::all_tuples(all[number]))
        largest = std::max(largest, static_cast<std::int64_t>(inner_product(sets, tuple)));
      g.gap = answer ? Gap{largest, largest - 1} : Gap{largest + 1, largest};
      for (const Embedding kind : {Embedding::sharp, Embedding::paper})
        if (g.gap.no_at_most >= 0)
          REQUIRE(keeps_promise(written_out(GapMaxIpToAttention(g, kind, ov.sets.size() == 2).target(0)), answer));
      if (ov.sets.size() != 2) continue;
      const OrthogonalVectorsToGapMaxIp rule(ov,
                                             std::make_shared<const MerlinArthur>(evaluation_code(projective_line(13), 5), 2, 1));
      const mpz_class message = answer ? rule.push({all[number][0] - 1, 0}).first : mpz_class(0);
      REQUIRE(keeps_promise(real_attention(characters(rule.target(message), mpz_class(1) << 30)).attention, answer));
    }
}

TEST_CASE("thresholds that cross, or only as written, are refused") {
  const mpq_class third(1, 3), tiny = parse_decimal("1e-31");
  CHECK(separated_as_written(third, third - mpq_class(1, 1000)));
  CHECK_FALSE(separated_as_written(third, third));
  CHECK_FALSE(separated_as_written(third, third - tiny / 100));  // 30 digits: both become 0.33...3 and 0.33...3
  CHECK(separated_as_written(third, third - 20 * tiny));
  CHECK(separated_as_written(parse_decimal("1e-90000"), parse_decimal("1e-90001")));
  CHECK(test::message_of<std::invalid_argument>([&] {
          check_separated(third, third, "take a smaller delta");
        }).find("take a smaller delta") != std::string::npos);
  // A causal form of high order, where a large delta is not enough (docs/challenge.md, Theorem E7).
  DirectOptions options;
  options.causal = true;
  options.delta = mpq_class(1, 4);
  std::vector<mpz_class> sizes(24, mpz_class(1'000'000));
  CHECK(test::message_of<std::invalid_argument>([&] { direct_embedding(sizes, 9, options); }).find("would not separate") !=
        std::string::npos);
  options.delta = mpq_class(1, 16);
  CHECK_NOTHROW(direct_embedding(sizes, 9, options));
}

TEST_CASE("delta for gradients: at most 1/(4 sqrt(rows)), within a millionth of it, 1/16 up to 16 rows") {
  for (mpz_class rows = 1; rows < 3000; ++rows) {
    const mpq_class delta = gradient_delta(rows);
    REQUIRE(delta <= mpq_class(1, 16));
    REQUIRE(16 * rows * delta * delta <= 1);
    if (rows > 16) REQUIRE(16 * rows * delta * delta > 1 - parse_decimal("2e-5"));
    REQUIRE(parse_decimal(decimal_down(delta, 17)) == delta);
  }
  CHECK(gradient_delta(16) == mpq_class(1, 16));
  CHECK(gradient_delta(128) == parse_decimal("0.02209708"));
  mpz_class many;
  mpz_ui_pow_ui(many.get_mpz_t(), 3, 5000);
  CHECK(16 * many * gradient_delta(many) * gradient_delta(many) <= 1);
  CHECK(16 * many * gradient_delta(many) * gradient_delta(many) > mpq_class(99999, 100000));
  CHECK_THROWS_AS(chosen_delta(mpq_class(1, 3), false, 5), std::invalid_argument);
  CHECK_THROWS_AS(chosen_delta(mpq_class(0), true, 5), std::invalid_argument);
}

TEST_CASE("delta for gradients: the losses of every embedding are a factor 4 apart (causal 16/9), unequal sizes too") {
  for (const auto& sizes : kUnbalanced) {
    mpz_class most = sizes[0];
    for (const mpz_class& n : sizes) most = std::max(most, n);
    for (const Thresholds& t : all_embeddings(sizes, gradient_delta(sizes[0] + most + 1))) {  // no embedding has more rows
      REQUIRE(losses_separate(t.yes, t.no, t.rows));
      REQUIRE(9 * t.yes * t.yes >= 16 * t.rows * t.no * t.no);
    }
  }
}

TEST_CASE("delta: routes, embeddings and the decision through gradients agree for n = 8..1024") {
  const Route direct = routes("orthogonal-vectors", "attention-gradient").at(0);
  for (std::size_t n = 8; n <= 1024; n += n < 80 ? 1 : 59) {
    CAPTURE(n);
    RouteStart start;
    start.order = 2;
    start.set_sizes = {mpz_class(n), mpz_class(n)};
    start.dimension = 100;
    const RouteStage stage = route_sizes(direct, start).back();
    REQUIRE(stage.delta == gradient_delta(n));
    DirectOptions options;
    options.delta = stage.delta;
    const DirectEmbedding e = direct_embedding(start.set_sizes, 100, options);
    REQUIRE(stage.entry_bound == e.entry_bound);
    REQUIRE(stage.yes_at_least == e.yes_at_least);
    REQUIRE(accepted_by_gradients(e.yes_at_least, e.no_at_most, n));
    // At the delta of outputs the route is refused where the decision is, and taken where it is.
    start.delta = options.delta = mpq_class(1, 16);
    const DirectEmbedding forward = direct_embedding(start.set_sizes, 100, options);
    bool taken = true;
    try {
      route_sizes(direct, start);
    } catch (const std::invalid_argument&) {
      taken = false;
    }
    REQUIRE(taken == accepted_by_gradients(forward.yes_at_least, forward.no_at_most, n));
    REQUIRE(taken == (n <= 72));
  }
}

TEST_CASE("delta: 14 variables, 100 clauses, k = 2 need B = 29.44 for gradients, not 27.61") {
  RouteStart start;
  start.order = 2;
  start.variables = 14;
  start.clauses = 100;
  const double forward = route_sizes(routes("cnf", "attention").at(0), start).back().entry_bound;
  const double gradient = route_sizes(routes("cnf", "attention-gradient").at(0), start).back().entry_bound;
  CHECK(std::abs(forward - 27.61) < 0.005);
  CHECK(std::abs(gradient - 29.44) < 0.005);
}
