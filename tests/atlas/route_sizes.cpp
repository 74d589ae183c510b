// SPDX-License-Identifier: MIT
#include "atlas/route_sizes.hpp"

#include "reductions/implied_exponent.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

Cnf formula(std::size_t variables, std::size_t clauses) {
  Random random(variables, clauses);
  Cnf cnf;
  cnf.variables = variables;
  for (std::size_t c = 0; c < clauses; ++c)
    cnf.clauses.push_back(
        {static_cast<std::int32_t>(random.below(variables) + 1), -static_cast<std::int32_t>(random.below(variables) + 1)});
  return cnf;
}

std::vector<RouteStage> stages_of(const std::string& from, const std::string& to, const std::vector<std::string>& variants,
                                  const RouteStart& start) {
  for (const Route& route : routes(from, to)) {
    std::vector<std::string> names;
    for (const std::size_t r : route)
      if (!rules()[r].variant.empty()) names.push_back(rules()[r].variant);
    if (names == variants) return route_sizes(route, start);
  }
  throw std::logic_error("no such route");
}

mpz_class bits(const OrthogonalVectors& ov) {
  mpz_class sum = 0;
  for (const BitMatrix& set : ov.sets) sum += mpz_class(set.rows) * set.columns;
  return sum;
}

}  // namespace

TEST_CASE("route sizes: direct, as built") {
  for (const auto& [variables, clauses, order] : {std::array<std::size_t, 3>{7, 11, 3}, {5, 0, 2}, {2, 3, 4}, {9, 20, 2}}) {
    const Cnf cnf = formula(variables, clauses);
    RouteStart start;
    start.order = order;
    start.variables = variables;
    start.clauses = clauses;
    const auto stages = stages_of("cnf", "attention", {"direct"}, start);
    REQUIRE(stages.size() == 3);
    const SatToAttention rule(cnf, order);
    const OrthogonalVectors ov = rule.to_vectors().target(0);
    const BitAttention attention = rule.target(0);
    CHECK(stages[1].bits == bits(ov));
    CHECK(stages[1].dimension == ov.dimension);
    CHECK(stages[2].bits == tensor_bits(attention));
    CHECK(stages[2].dimension == attention.queries.columns);
    CHECK(stages[2].set_sizes[0] == attention.queries.rows);
    for (std::size_t u = 0; u < attention.keys.size(); ++u) CHECK(stages[2].set_sizes[u + 1] == attention.keys[u].rows);
    CHECK(stages[2].entry_bound == attention.terms.entry_bound);
    CHECK(stages[2].yes_at_least == attention.terms.yes_at_least);
    CHECK(stages[2].no_at_most == attention.terms.no_at_most);
    CHECK(stages[2].instances == 1);
  }
}

TEST_CASE("route sizes: through codes, as built") {
  const Cnf cnf = formula(4, 4);
  RouteStart start;
  start.order = 2;
  start.variables = start.clauses = 4;
  const SatToOrthogonalVectors sat(cnf, 2);
  const OrthogonalVectors ov = sat.target(0);
  for (const CodeFamily& family : compared_families()) {
    const std::string& code = family.name;
    CAPTURE(code);
    for (const bool sharp : {true, false}) {
      const auto stages = stages_of("cnf", "attention", {code, std::string("boxes") + (sharp ? ", sharp" : ", paper")}, start);
      const OrthogonalVectorsToGapMaxIp rule(ov, std::make_shared<const MerlinArthur>(build_protocol(*stages[2].shape, 2)));
      const Guarantee promised = rule.guarantee();
      CHECK(stages[2].instances == promised.targets);
      CHECK(stages[2].bits == promised.target_bits);
      CHECK(stages[2].gap->yes_at_least == promised.yes_at_least);
      CHECK(stages[2].gap->no_at_most == promised.no_at_most);
      const GapMaxIp vectors = boxes(rule.target(0), false, mpz_class(1) << 40);
      const BitAttention attention = GapMaxIpToAttention(vectors, sharp ? Embedding::sharp : Embedding::paper).target(0);
      CHECK(stages[3].exactness == RouteStage::Exactness::exact);
      CHECK(stages[3].bits == tensor_bits(attention));
      CHECK(stages[3].dimension == attention.queries.columns);
      CHECK(stages[3].set_sizes[1] == attention.keys[0].rows);
      CHECK(stages[3].entry_bound == attention.terms.entry_bound);
      CHECK(stages[3].no_at_most == attention.terms.no_at_most);
      const auto pruned =
          stages_of("cnf", "attention", {code, std::string("pruned boxes") + (sharp ? ", sharp" : ", paper")}, start);
      const OrthogonalVectorsToGapMaxIp pruned_rule(ov,
                                                    std::make_shared<const MerlinArthur>(build_protocol(*pruned[2].shape, 2)));
      const GapMaxIp fewer = boxes(pruned_rule.target(0), true, mpz_class(1) << 40);
      CHECK(pruned[3].exactness == RouteStage::Exactness::at_most);
      CHECK(GapMaxIpToAttention(fewer, sharp ? Embedding::sharp : Embedding::paper).embedding().dimension <= pruned[3].dimension);
    }
  }
}

namespace {

/// Whatever a route ends in, as it is built.
struct Built {
  mpz_class dimension, bits;
  double entry_bound = 0;
  mpq_class yes_at_least, no_at_most;
};

Built built(const BitAttention& a) {
  return {a.queries.columns, tensor_bits(a), a.terms.entry_bound, *a.terms.yes_at_least, *a.terms.no_at_most};
}

/// As reduce builds it, for one of Merlin's messages.
Built build(const OrthogonalVectors& ov, const Route& route, const RouteStage& end, Random& random) {
  const Rule& last = rules()[route.back()];
  if (!end.shape) {
    DirectOptions options;
    options.delta = end.delta;
    options.centred = last.variant == "direct, centred";
    return built(OrthogonalVectorsToAttention(ov, options).target(0));
  }
  const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(*end.shape, ov.sets.size()));
  const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
  const mpz_class messages = protocol->messages(), few = std::min(messages, mpz_class(1'000'000));
  // Message 0 has the most zeros, random ones have few.
  const FactoredGapMaxIp factored =
      rule.target(random.below(3) == 0 ? mpz_class(0) : mpz_class(messages - 1 - random.below(few.get_ui())));
  const mpz_class most = mpz_class(1) << 30;
  if (last.variant.starts_with("characters")) {
    const RealGapMaxIp real = characters(factored, most);
    const RealAttention made = real_attention(real, 0, most, end.delta);
    const AttentionTerms& terms = made.attention.terms;
    return {made.attention.q.columns, balanced_bits(real, made.mu), terms.entry_bound, *terms.yes_at_least, *terms.no_at_most};
  }
  const GapMaxIp vectors = boxes(factored, last.variant.starts_with("pruned"), most);
  const Embedding kind = last.variant.ends_with("paper") ? Embedding::paper : Embedding::sharp;
  return built(GapMaxIpToAttention(vectors, kind, false, end.delta).target(0));
}

}  // namespace

TEST_CASE("route sizes: 200 random formulas, every route: what is exact is built, and what is built passes no bound") {
  const std::vector<Route> all = routes("cnf", "attention");
  std::map<std::string, int> compared;
  for (int round = 0; round < cases(200); ++round) {
    Random random(977, static_cast<std::uint64_t>(round));
    const Route& route = all[static_cast<std::size_t>(round) % all.size()];
    RouteStart start;
    start.order = rules()[route.back()].variant == "direct, centred" ? 2 : 2 + random.below(2);
    const bool tower = std::any_of(route.begin(), route.end(), [](std::size_t r) { return rules()[r].variant == "tower"; });
    start.variables = 1 + random.below(5);
    start.clauses = 1 + random.below(tower ? 3 : 6);
    if (random.below(2) == 0) start.delta = mpq_class(1, 4 + static_cast<unsigned long>(random.below(100)));
    const Cnf cnf = formula(start.variables, start.clauses);
    const std::vector<RouteStage> stages = route_sizes(route, start);
    const RouteStage& end = stages.back();
    if (end.bits > mpz_class(1) << 24) continue;
    const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, start.order).target(0);
    const Built made = build(ov, route, end, random);
    CAPTURE(round);
    CAPTURE(rules()[route.back()].variant);
    REQUIRE(stages[1].bits == bits(ov));
    ++compared[rules()[route.back()].variant];
    if (end.exactness == RouteStage::Exactness::exact) {
      REQUIRE(made.dimension == end.dimension);
      REQUIRE(made.bits == end.bits);
      REQUIRE(made.entry_bound == end.entry_bound);
    } else {
      REQUIRE(made.dimension <= end.dimension);
      REQUIRE(made.bits <= end.bits);
      REQUIRE(made.entry_bound <= end.entry_bound);
      if (rules()[route.back()].variant.starts_with("characters")) REQUIRE(made.entry_bound > 0.6 * end.entry_bound);
    }
    if (end.yes_at_least == 0) continue;
    REQUIRE(end.no_at_most < end.yes_at_least);
    const bool exact = end.exactness == RouteStage::Exactness::exact;
    REQUIRE((exact ? made.yes_at_least == end.yes_at_least : made.yes_at_least >= end.yes_at_least));
    REQUIRE((exact ? made.no_at_most == end.no_at_most : made.no_at_most <= end.no_at_most));
  }
  CHECK(compared.size() == 7);
}

TEST_CASE("route sizes: vectors of your own, and what cannot be") {
  RouteStart start;
  start.set_sizes = {5, 3};
  start.dimension = 7;
  start.gap = {4, 2};
  const auto stages = stages_of("gap-max-ip", "attention", {"boxes, sharp"}, start);
  CHECK(stages[0].bits == 56);
  CHECK(stages[1].dimension == 11);
  CHECK(stages[1].bits == 64 * ((5 + 4) * 11 + 4));
  CHECK_THROWS_AS(stages_of("gap-max-ip", "attention", {"characters, sharp"}, start), std::invalid_argument);
  start.gap = {8, 2};
  CHECK(test::message_of<std::invalid_argument>([&] {
          stages_of("gap-max-ip", "attention", {"boxes, sharp"}, start);
        }).find("t = 8 is beyond the dimension 7") == 0);
  start.gap = {2, 2};
  CHECK(test::message_of<std::invalid_argument>([&] {
          stages_of("gap-max-ip", "attention", {"boxes, paper"}, start);
        }).find("the gap needs") == 0);
  start.dimension = 2'000'000'000;  // a weight of e^(-10^10) is bounded, not written out
  start.gap = {2'000'000'000, 1'999'999'999};
  CHECK(stages_of("gap-max-ip", "attention", {"boxes, sharp"}, start)[1].yes_at_least > mpq_class(4, 10));
  CHECK(stages_of("gap-max-ip", "attention", {"boxes, paper"}, start)[1].yes_at_least == 0);
  start.dimension = 7;
  start.gap = {4, 2};
  CHECK(stages_of("orthogonal-vectors", "attention", {"direct"}, start)[1].dimension == 7);
  start.dimension = 1'000'000;
  CHECK(test::message_of<std::invalid_argument>([&] {
          stages_of("orthogonal-vectors", "gap-max-ip", {"reed-solomon"}, start);
        }).find("no reed-solomon code fits") == 0);
  start.set_sizes = {5, 0};
  CHECK(test::message_of<std::invalid_argument>([&] {
          stages_of("orthogonal-vectors", "attention", {"direct"}, start);
        }).find("a set is empty") == 0);
}

TEST_CASE("route sizes: the paper's embedding of long vectors has the sizes and B of a short one's laws, and no thresholds") {
  RouteStart start;
  start.set_sizes = {6, 4, 3};
  start.gap = {4, 2};
  for (const std::size_t dimension : {4096, 4097}) {
    start.dimension = dimension;
    RouteStage stage;
    for (const Route& route : routes("gap-max-ip", "attention"))
      if (rules()[route[0]].variant == "boxes, paper") stage = route_sizes(route, start).back();
    CHECK(stage.dimension == 2 * dimension);
    CHECK(stage.bits == 64 * ((6 + 8 + 6) * mpz_class(2 * dimension) + 14));
    const double b = std::cbrt(2.0 * double(dimension) * std::log(16.0 * 12) / 2);
    CHECK(std::abs(stage.entry_bound - b) < 1e-12 * b);
    CHECK((stage.yes_at_least > 0) == (dimension <= 4096));
  }
}

TEST_CASE("route sizes: a formula whose sets no number should count is refused before any number is formed") {
  RouteStart start;
  start.order = 3;
  start.clauses = 1;
  start.variables = 3 * 65'536;
  const Route listing = routes("cnf", "orthogonal-vectors").at(0);
  CHECK(route_sizes(listing, start).back().set_sizes[0] == mpz_class(1) << 65'536);
  start.variables = INT32_MAX;
  CHECK_THROWS_WITH_AS(route_sizes(listing, start),
                       "2147483647 variables: at k = 3 the first set has 2^715827883 vectors; sizes are computed up to 2^65536; "
                       "take a larger order k or a smaller formula",
                       LimitReached);
}

TEST_CASE("route sizes: the front keeps what nothing beats") {
  const auto end = [](int instances, int size, double bound) {
    RouteStage s;
    s.instances = instances;
    s.bits = size;
    s.entry_bound = bound;
    return std::vector<RouteStage>{s};
  };
  CHECK(smallest({end(1, 10, 5), end(2, 9, 5), end(2, 10, 4), end(2, 10, 5), end(1, 10, 5)}) ==
        std::vector<std::size_t>{0, 1, 2});
  CHECK(smallest({}).empty());
}

TEST_CASE("route sizes: implied exponents are exact rationals") {
  CHECK(implied_exponent(3, mpq_class(1, 10), 0).asymptotic == mpq_class(27, 10));
  CHECK(implied_exponent(3, mpq_class(1, 10), 60).finite == mpq_class(27, 10));
  CHECK(implied_exponent(3, mpq_class(1, 10), 20).finite == mpq_class(18, 7));  // 9/10 20/7
  CHECK(implied_exponent(2, 0, 7).finite == mpq_class(7, 4));
  CHECK_THROWS_AS(implied_exponent(2, 1, 7), std::invalid_argument);
  CHECK_THROWS_AS(implied_exponent(1, 0, 7), std::invalid_argument);
}
