// SPDX-License-Identifier: MIT
#include "explore/plan/planner.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "codes/curve.hpp"
#include "codes/field.hpp"
#include "reductions/character_numbers.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"

using namespace gapwright;

namespace {

bool within(const Enclosure& e, double value, double slack = 0) { return e.lo - slack <= value && value <= e.hi + slack; }
bool tight(const Enclosure& e) { return e.hi - e.lo <= 1e-13 * (1 + std::abs(e.lo)); }

OrthogonalVectors vectors_of(std::size_t order, std::size_t rows, std::size_t dimension, std::uint64_t seed) {
  Random random(seed, 0);
  OrthogonalVectors ov;
  ov.dimension = dimension;
  for (std::size_t u = 0; u < order; ++u) {
    BitMatrix set(rows + u, dimension);
    for (std::size_t r = 0; r < set.rows; ++r)
      for (std::size_t c = 0; c < dimension; ++c) set.set(r, c, random.bit());
    ov.sets.push_back(std::move(set));
  }
  return ov;
}

std::vector<mpz_class> sizes_of(const OrthogonalVectors& ov) {
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : ov.sets) sizes.emplace_back(set.rows);
  return sizes;
}

}  // namespace

TEST_CASE("planner: the direct way's figures are those of the rule") {
  for (const std::size_t order : {std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
    const std::vector<mpz_class> sizes{7, 5, 9, 3};
    const std::vector<mpz_class> used(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(order));
    const Planner planner(order);
    const PlanPoint point = planner.direct(21);
    const PlanFigures figures = planner.figures(point, used);
    const DirectEmbedding e = direct_embedding(used, 21, {});
    CHECK(point.dimension == mpz_class(e.dimension));
    CHECK(figures.tensor_bytes * 8 == e.tensor_bits);
    CHECK(within(figures.entry_bound, e.entry_bound, 1e-12));
    CHECK(within(figures.gamma, e.gamma.get_d(), 1e-12));
    CHECK(within(figures.log2_required_error, std::log2(mpq_class(e.yes_at_least - e.no_at_most).get_d() / 2), 1e-9));
    CHECK(tight(figures.entry_bound));
    CHECK(tight(figures.log2_required_error));
    CHECK(figures.log2_messages.lo <= 0);
    CHECK(figures.log2_messages.hi >= 0);
  }
}

TEST_CASE("planner: what it says of boxes is what is built, for sharp and paper, with every code family") {
  for (const std::size_t order : {std::size_t{2}, std::size_t{3}}) {
    Planner planner(order, {16, 60});
    const OrthogonalVectors ov = vectors_of(order, 3, 5, 211);
    std::vector<const CodeFamily*> families;
    for (const PlanPoint& point : planner.all(5)) {
      if (!point.shape || point.gadget != Gadget::boxes || point.vector_dimension > 40'000) continue;
      const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(*point.shape, order));
      REQUIRE(protocol->universe() >= 5);
      REQUIRE(point.gap.no_at_most == static_cast<std::int64_t>(protocol->largest_wrong_acceptance()));
      const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
      const FactoredGapMaxIp factored = rule.target(0);
      const GapMaxIp vectors = boxes(factored, false, mpz_class(1) << 33);
      const GapMaxIpToAttention attention(vectors, point.embedding, point.centred);
      const PlanFigures figures = planner.figures(point, sizes_of(ov));
      REQUIRE(point.vector_dimension == mpz_class(vectors.dimension));
      REQUIRE(point.dimension == attention.embedding().dimension);
      REQUIRE(figures.tensor_bytes * 8 == attention.embedding().tensor_bits);
      REQUIRE(figures.factored_bytes * 8 == rule.guarantee().target_bits);
      REQUIRE(within(figures.entry_bound, attention.embedding().entry_bound, 1e-12));
      const mpq_class required = (attention.embedding().yes_at_least - attention.embedding().no_at_most) / 2;
      if (required.get_d() > 0) REQUIRE(within(figures.log2_required_error, std::log2(required.get_d()), 1e-6));
      REQUIRE(within(figures.log2_messages, std::log2(protocol->messages().get_d()), 1e-9));
      REQUIRE(within(figures.message_exponent, std::log2(protocol->messages().get_d()) / std::log2(3 + order - 1), 1e-9));
      if (std::find(families.begin(), families.end(), point.family) == families.end()) families.push_back(point.family);
    }
    CHECK(families.size() == static_cast<std::size_t>(std::ranges::distance(compared_families())));
  }
}

TEST_CASE("planner: for characters it never promises less than is built, and Theorem R11 says exactly what is built") {
  Planner planner(2, {9, 30});
  const OrthogonalVectors ov = vectors_of(2, 3, 4, 223);
  int attained = 0, points = 0;
  for (const PlanPoint& point : planner.all(4)) {
    if (!point.shape || point.gadget != Gadget::characters || point.vector_dimension > 4'000) continue;
    ++points;
    const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(*point.shape, 2));
    const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
    for (int message = 0; message < 4; ++message) {
      if (mpz_class(message) >= protocol->messages()) break;
      const FactoredGapMaxIp factored = rule.target(message);
      const RealAttention built = real_attention(characters(factored, mpz_class(1) << 33), point.mu.get_d());
      REQUIRE(mpz_class(built.attention.q.columns) <= point.dimension);
      mpz_class expected = repetitions(mpq_class(mpz_class(factored.coins)) * mpz_class(factored.coins), point.mu);
      for (std::size_t x = 0; x < factored.coins; ++x) {
        const bool systematic = std::binary_search(factored.systematic.begin(), factored.systematic.end(), x);
        const CoinKind kind = systematic ? CoinKind::systematic : factored.message[x] == 0 ? CoinKind::zero : CoinKind::nonzero;
        for (const WeightClass& c : character_weights(kind, point.shape->field_size, point.shape->blocks, 2))
          expected += c.coordinates * repetitions(c.weight_squared, point.mu);
      }
      REQUIRE(mpz_class(built.attention.q.columns) == expected);
      attained += expected == point.dimension;
      if (expected == point.dimension)
        REQUIRE(built.attention.terms.entry_bound ==
                doctest::Approx(planner.figures(point, sizes_of(ov)).entry_bound.lo).epsilon(1e-12));
    }
  }
  CHECK(points > 10);
  CHECK(attained > 5);
}

TEST_CASE(
    "planner: 200 random formulas, what it says is built and nothing built passes it, for every route, gadget, embedding and "
    "delta") {
  std::map<std::string, int> compared;
  for (int round = 0; round < cases(200); ++round) {
    Random random(983, static_cast<std::uint64_t>(round));
    const std::size_t order = 2 + random.below(2), dimension = 1 + random.below(4);
    static std::map<std::pair<std::size_t, std::size_t>, std::vector<PlanPoint>> known;
    auto& ways = known[{order, dimension}];
    if (ways.empty()) ways = Planner(order, {9, 30}).all(dimension);
    const PlanPoint& point = ways[random.below(ways.size())];
    const OrthogonalVectors ov = vectors_of(order, 1 + random.below(4), dimension, random.below(1000));
    const mpq_class delta(1, 4 + static_cast<unsigned long>(random.below(200)));
    const PlanFigures figures = Planner(order).figures(point, sizes_of(ov), delta);
    if (figures.tensor_bytes > 1 << 17) continue;
    const std::string way =
        std::string(route_word(point.family)) + " " + std::string(gadget_word(point.gadget)) + " " + point.embedding_name();
    ++compared[way];
    CAPTURE(round);
    CAPTURE(way);
    mpz_class built_dimension;
    double bound = 0;
    mpq_class gap;
    const bool centred = point.centred;
    if (!point.shape) {
      const DirectEmbedding e = direct_embedding(sizes_of(ov), dimension, {.delta = delta, .centred = centred});
      built_dimension = e.dimension;
      bound = e.entry_bound;
      gap = (e.yes_at_least - e.no_at_most) / 2;
      REQUIRE(within(figures.gamma, e.gamma.get_d()));
    } else {
      static std::map<std::string, std::shared_ptr<const MerlinArthur>> protocols;
      const ProtocolShape& shape = *point.shape;
      std::string key = shape.family->name;
      for (const std::size_t n : {order, shape.field_size, std::size_t{shape.level}, shape.blocks, shape.block_length})
        key += " " + std::to_string(n);
      auto& protocol = protocols[key];
      if (!protocol) protocol = std::make_shared<const MerlinArthur>(build_protocol(shape, order));
      const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
      const mpz_class few = std::min(rule.protocol().messages(), mpz_class(1000));
      const FactoredGapMaxIp factored = rule.target(mpz_class(random.below(few.get_ui())));
      if (point.exact()) {
        const GapMaxIp vectors = boxes(factored, false, mpz_class(1) << 33);
        const GapMaxIpToAttention attention(vectors, point.embedding, centred, delta);
        const GapEmbedding& e = attention.embedding();
        built_dimension = e.dimension;
        bound = e.entry_bound;
        gap = (e.yes_at_least - e.no_at_most) / 2;
        REQUIRE(within(figures.gamma, e.gamma.get_d()));
      } else {
        const RealAttention made =
            real_attention(characters(factored, mpz_class(1) << 33), point.mu.get_d(), mpz_class(1) << 38, delta);
        built_dimension = made.attention.q.columns;
        bound = made.attention.terms.entry_bound;
        gap = (*made.attention.terms.yes_at_least - *made.attention.terms.no_at_most) / 2;
      }
    }
    if (point.exact()) {
      REQUIRE(built_dimension == point.dimension);
      REQUIRE(within(figures.entry_bound, bound));
    } else {
      REQUIRE(built_dimension <= point.dimension);
      REQUIRE(bound <= figures.entry_bound.hi);
    }
    const double log_gap = gap.get_d() > 1e-300 ? std::log2(gap.get_d()) : figures.log2_required_error.lo;
    REQUIRE(figures.log2_required_error.lo <= log_gap + 1e-12 * std::abs(log_gap));
  }
  CHECK(compared.size() > static_cast<std::size_t>(std::min(12, cases(12))));
}

TEST_CASE("planner: the error that paper needs over 2^100 coordinates and more is bounded, not refused") {
  Planner planner(3, {64, 1500});
  int deep = 0;
  for (const PlanPoint& point : planner.all(128)) {
    if (point.embedding != Embedding::paper || point.centred || mpz_sizeinbase(point.vector_dimension.get_mpz_t(), 2) < 100 ||
        ++deep > 20)
      continue;
    const PlanFigures figures = planner.figures(point, {1024, 1024, 1024});
    const double expected = figures.gamma.lo * mpz_class(point.gap.yes_at_least - point.vector_dimension).get_d() / std::log(2.0);
    CHECK(figures.log2_required_error.lo <= expected * (1 - 1e-12));
    CHECK(figures.log2_required_error.hi >= expected * (1 + 1e-12));
    CHECK(figures.log2_required_error.lo >= expected * (1 + 1e-9));
  }
  CHECK(deep > 5);
}

TEST_CASE("planner: order 2 has centred keys, and they are the least") {
  Planner planner(2, {16, 60});
  const PlanPoint direct = planner.direct(97), centred = with_centred_keys(direct, 2);
  CHECK(centred.entry_constant == direct.entry_constant / 2);
  CHECK(with_centred_keys(centred, 2).entry_constant == centred.entry_constant);
  CHECK(with_centred_keys(Planner(3).direct(97), 3).embedding_name() == "direct");
  const auto front = pareto_front(planner.all(97));
  CHECK(
      std::none_of(front.begin(), front.end(), [](const PlanPoint& p) { return p.gadget != Gadget::characters && !p.centred; }));
}

TEST_CASE("planner: the front holds no beaten way, and every way left out is beaten") {
  Planner planner(3, {64, 1500});
  const auto all = planner.all(128);
  const auto front = pareto_front(all);
  const auto messages = [](const PlanPoint& p) -> mpz_class {
    mpz_class count = 1;
    if (p.shape) mpz_ui_pow_ui(count.get_mpz_t(), p.shape->field_size, p.shape->message_symbols);
    return count;
  };
  const auto no_worse = [&](const PlanPoint& a, const PlanPoint& b) {
    return messages(a) <= messages(b) && a.dimension <= b.dimension && a.entry_constant <= b.entry_constant;
  };
  REQUIRE(front.size() > 2);
  REQUIRE(front.size() < all.size());
  for (std::size_t i = 0; i < front.size(); ++i)
    for (std::size_t j = 0; j < front.size(); ++j)
      if (i != j) REQUIRE_FALSE(no_worse(front[i], front[j]));
  for (const PlanPoint& p : all)
    REQUIRE(std::any_of(front.begin(), front.end(), [&](const PlanPoint& f) { return no_worse(f, p); }));
}

TEST_CASE("planner: the way of fewest messages is the best of all ways within the bound") {
  for (const std::size_t order : {std::size_t{2}, std::size_t{3}}) {
    Planner planner(order, {32, 130});
    const std::size_t dimension = 20;
    const auto messages = [](const PlanPoint& p) {
      mpz_class count;
      mpz_ui_pow_ui(count.get_mpz_t(), p.shape->field_size, p.shape->message_symbols);
      return count;
    };
    std::size_t found = 0;
    for (const long most : {50L, 2'000L, 30'000L, 5'000'000L}) {
      const auto fewest = planner.fewest_messages(dimension, most);
      std::optional<PlanPoint> best;
      for (const PlanPoint& p : planner.all(dimension)) {
        if (!p.shape || p.embedding != Embedding::sharp || p.dimension > most) continue;
        if (!best || messages(p) < messages(*best) || (messages(p) == messages(*best) && p.entry_constant < best->entry_constant))
          best = p;
      }
      REQUIRE(fewest.has_value() == best.has_value());
      if (!fewest) continue;
      ++found;
      CHECK(messages(*fewest) == messages(*best));
      CHECK(fewest->entry_constant == best->entry_constant);
      CHECK(fewest->dimension <= most);
    }
    CHECK(found >= 2);
    CHECK(found < 4);  // within 50 coordinates nothing fits
  }
}
