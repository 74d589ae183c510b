// SPDX-License-Identifier: MIT
#include "explore/planner.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "codes/curve.hpp"
#include "codes/field.hpp"
#include "explore/crossovers.hpp"
#include "instances/philox.hpp"
#include "reductions/character_numbers.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
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
    std::vector<std::string> families;
    for (const PlanPoint& point : planner.all(5)) {
      if (!point.shape || point.gadget != "boxes" || point.vector_dimension > 40'000) continue;
      const auto protocol = std::make_shared<const MerlinArthur>(build_protocol(*point.shape, order));
      REQUIRE(protocol->universe() >= 5);
      REQUIRE(point.gap.no_at_most == static_cast<std::int64_t>(protocol->largest_wrong_acceptance()));
      const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
      const FactoredGapMaxIp factored = rule.target(0);
      const GapMaxIp vectors = boxes(factored, false, mpz_class(1) << 33);
      const GapMaxIpToAttention attention(vectors, point.embedding.starts_with("sharp") ? Embedding::sharp : Embedding::paper,
                                          point.embedding.ends_with("-centred"));
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
      if (std::find(families.begin(), families.end(), point.route) == families.end()) families.push_back(point.route);
    }
    CHECK(families.size() == 3);
  }
}

TEST_CASE("planner: for characters it never promises less than is built, and Theorem R11 says exactly what is built") {
  Planner planner(2, {9, 30});
  const OrthogonalVectors ov = vectors_of(2, 3, 4, 223);
  int attained = 0, points = 0;
  for (const PlanPoint& point : planner.all(4)) {
    if (!point.shape || point.gadget != "characters" || point.vector_dimension > 4'000) continue;
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
    ++compared[point.route + point.gadget + point.embedding];
    CAPTURE(round);
    const std::string way = point.route + " " + point.gadget + " " + point.embedding;
    CAPTURE(way);
    mpz_class built_dimension;
    double bound = 0;
    mpq_class gap;
    const bool centred = point.embedding.ends_with("-centred");
    if (!point.shape) {
      const DirectEmbedding e = direct_embedding(sizes_of(ov), dimension, {.delta = delta, .centred = centred});
      built_dimension = e.dimension;
      bound = e.entry_bound;
      gap = (e.yes_at_least - e.no_at_most) / 2;
      REQUIRE(within(figures.gamma, e.gamma.get_d()));
    } else {
      static std::map<std::string, std::shared_ptr<const MerlinArthur>> protocols;
      const ProtocolShape& shape = *point.shape;
      std::string key = shape.route;
      for (const std::size_t n : {order, shape.field_size, std::size_t{shape.level}, shape.blocks, shape.block_length})
        key += " " + std::to_string(n);
      auto& protocol = protocols[key];
      if (!protocol) protocol = std::make_shared<const MerlinArthur>(build_protocol(shape, order));
      const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
      const mpz_class few = std::min(rule.protocol().messages(), mpz_class(1000));
      const FactoredGapMaxIp factored = rule.target(mpz_class(random.below(few.get_ui())));
      if (point.exact()) {
        const GapMaxIp vectors = boxes(factored, false, mpz_class(1) << 33);
        const GapMaxIpToAttention attention(vectors, point.embedding.starts_with("sharp") ? Embedding::sharp : Embedding::paper,
                                            centred, delta);
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
    if (point.embedding != "paper" || mpz_sizeinbase(point.vector_dimension.get_mpz_t(), 2) < 100 || ++deep > 20) continue;
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
  CHECK(with_centred_keys(Planner(3).direct(97), 3).embedding == "direct");
  const auto front = pareto_front(planner.all(97));
  CHECK(std::none_of(front.begin(), front.end(),
                     [](const PlanPoint& p) { return p.gadget != "characters" && !p.embedding.ends_with("-centred"); }));
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

namespace {

/// Everything once more, slowly: pole orders from the families' definitions, every T, and integers compared as integers.
struct SlowCurve {
  std::size_t field, characteristic, length;
  std::vector<std::size_t> orders;
};

std::vector<SlowCurve> slow_curves(const std::string& route, std::size_t largest_field, std::size_t longest) {
  std::vector<SlowCurve> curves;
  for (std::size_t q = 2; q <= largest_field; ++q) {
    std::size_t p = 2;
    while (q % p != 0) ++p;
    std::size_t rest = q;
    while (rest % p == 0) rest /= p;
    if (rest != 1) continue;
    if (route == "reed-solomon") {
      if (q > longest) continue;
      SlowCurve line{q, p, q, {}};
      for (std::size_t s = 0; s < q; ++s) line.orders.push_back(s);
      curves.push_back(line);
    } else if (q * q <= largest_field) {
      const auto add = [&](std::size_t length, auto&& is_order) {
        SlowCurve curve{q * q, p, length, {}};
        for (std::size_t s = 0; s < length; ++s)
          if (is_order(s)) curve.orders.push_back(s);
        curves.push_back(curve);
      };
      if (route == "hermitian" && q * q * q <= longest)
        add(q * q * q, [&](std::size_t s) {
          for (std::size_t j = 0; j < q && j * (q + 1) <= s; ++j)
            if ((s - j * (q + 1)) % q == 0) return true;
          return false;
        });
      std::size_t length = (q * q - q) * q;
      if (route == "tower")
        for (unsigned m = 2; length <= longest; ++m, length *= q) {
          // S_1 = {0, 1, ...}; S_i = q S_{i-1} and all from c_i on.
          std::vector<bool> member(length, true);
          for (unsigned i = 2; i <= m; ++i) {
            std::size_t power = 1, half = 1;
            for (unsigned e = 0; e < i; ++e) power *= q;
            for (unsigned e = 0; e < (i % 2 == 0 ? i / 2 : (i + 1) / 2); ++e) half *= q;
            std::vector<bool> next(length);
            for (std::size_t s = 0; s < length; ++s) next[s] = s >= power - half || (s % q == 0 && member[s / q]);
            member = next;
          }
          add(length, [&](std::size_t s) { return bool(member[s]); });
        }
    }
  }
  return curves;
}

/// A sixteenth of the mean weight: the double above, by MPFR.
mpq_class slow_mu(const std::vector<WeightClass>& classes) {
  mpfr_t sum, weight;
  mpfr_inits2(300, sum, weight, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_zero(sum, 1);
  mpz_class count = 0;
  for (const WeightClass& c : classes) {
    mpfr_set_q(weight, c.weight_squared.get_mpq_t(), MPFR_RNDN);
    mpfr_sqrt(weight, weight, MPFR_RNDN);
    mpfr_mul_z(weight, weight, c.coordinates.get_mpz_t(), MPFR_RNDN);
    mpfr_add(sum, sum, weight, MPFR_RNDN);
    count += c.coordinates;
  }
  mpfr_div_z(sum, sum, count.get_mpz_t(), MPFR_RNDN);
  const double above = std::nextafter(mpfr_get_d(sum, MPFR_RNDD), INFINITY);
  mpfr_clears(sum, weight, static_cast<mpfr_ptr>(nullptr));
  return mpq_class(above / 16);
}

std::optional<mpq_class> slow_constant(const std::vector<SlowCurve>& curves, const std::string& gadget, std::size_t order,
                                       std::size_t dimension) {
  std::optional<mpq_class> best;
  for (const SlowCurve& c : curves)
    for (std::size_t blocks = 1; blocks < c.characteristic; ++blocks) {
      const std::size_t length = (dimension + blocks - 1) / blocks;
      if (length > c.orders.size() || order * c.orders[length - 1] >= c.length) continue;
      const mpz_class gap = c.length - order * c.orders[length - 1];
      mpq_class constant;
      if (gadget == "boxes") {
        mpz_class boxes = 1;
        for (std::size_t i = 0; i < (order - 1) * blocks; ++i) boxes *= c.field;
        constant = mpq_class(boxes * c.length + c.length, gap);
      } else {
        if (blocks > 8) continue;  // 4^8 coordinates at a coin and more: never the least in the range of the test
        const auto classes = character_weights(CoinKind::nonzero, c.field, blocks, order);
        const mpq_class mu = slow_mu(classes);
        mpz_class at_coin = 0;
        for (const CoinKind kind : {CoinKind::zero, CoinKind::nonzero}) {
          mpz_class of_kind = 0;
          for (const WeightClass& w : character_weights(kind, c.field, blocks, order)) {
            mpz_class copies = static_cast<unsigned long>(std::sqrt(w.weight_squared.get_d()) / mu.get_d());
            while (copies > 0 && mpq_class(copies - 1) * mpq_class(copies - 1) * mu * mu >= w.weight_squared) --copies;
            while (mpq_class(copies) * mpq_class(copies) * mu * mu < w.weight_squared) ++copies;
            of_kind += w.coordinates * copies;
          }
          at_coin = std::max(at_coin, of_kind);
        }
        const auto ceiling = [&](const mpq_class& weight) {
          const mpq_class x = weight / mu;
          return mpz_class((x.get_num() + x.get_den() - 1) / x.get_den());
        };
        const mpz_class systematic = (mpz_class(1) << blocks) * ceiling(1);
        constant = mpq_class(systematic * mpz_class(length) + at_coin * mpz_class(c.length - length) +
                             ceiling(mpq_class(mpz_class(c.length)))) *
                   mu / gap;
      }
      constant.canonicalize();
      if (!best || constant < *best) best = constant;
    }
  return best;
}

}  // namespace

TEST_CASE("crossovers: every constant, and so every crossover, equals a slow exact recomputation from the definitions") {
  constexpr std::size_t kVariables = 14;
  for (const std::size_t order : {std::size_t{2}, std::size_t{3}}) {
    const PlanLimits limits{49, 700};
    Planner planner(order, limits);
    const auto curves = entry_curves(planner, mpq_class(64, 15), kVariables);
    REQUIRE(curves.size() == 7);
    std::vector<std::vector<std::optional<mpq_class>>> slow(curves.size());
    for (std::size_t variables = 1; variables <= kVariables; ++variables) {
      const std::size_t clauses = (64 * variables + 14) / 15;
      const mpq_class keys(1, order == 2 ? 2 : 1);  // at order 2 they are centred
      slow[0].emplace_back(keys * mpz_class(clauses + (std::size_t{1} << (order - 1)) - 2));
      std::size_t way = 1;
      for (const std::string gadget : {"characters", "boxes"})
        for (const std::string route : {"reed-solomon", "hermitian", "tower"}) {
          slow[way].push_back(slow_constant(slow_curves(route, limits.largest_field, limits.longest), gadget, order, clauses));
          if (auto& constant = slow[way++].back(); constant && gadget == "boxes") *constant *= keys;
        }
    }
    std::size_t fitting = 0;
    for (std::size_t way = 0; way < curves.size(); ++way)
      for (std::size_t i = 0; i < kVariables; ++i) {
        CAPTURE(curves[way].way);
        CAPTURE(i + 1);
        REQUIRE(curves[way].constants[i] == slow[way][i]);
        fitting += slow[way][i].has_value();
      }
    CHECK(fitting > 5 * kVariables);
    for (const Crossover& c : crossovers(curves)) {
      if (c.loser != "direct") continue;
      const auto winner =
          std::find_if(curves.begin(), curves.end(), [&](const EntryCurve& e) { return e.way == c.winner; }) - curves.begin();
      std::optional<std::size_t> first;
      for (std::size_t i = 0; i < kVariables && !first; ++i)
        if (const auto& own = slow[static_cast<std::size_t>(winner)][i]; own && *own < *slow[0][i]) first = i + 1;
      CHECK(c.first == first);
    }
  }
}

TEST_CASE("crossovers: first and lasting, on curves that cross twice") {
  const auto some = [](std::initializer_list<int> values) {
    std::vector<std::optional<mpq_class>> constants;
    for (const int v : values) constants.push_back(v < 0 ? std::nullopt : std::optional(mpq_class(v)));
    return constants;
  };
  const std::vector<EntryCurve> curves{{"direct", some({1, 2, 3, 4, 5})},
                                       {"a by x", some({-1, 1, 4, 3, 2})},
                                       {"b by x", some({2, 2, 3, 4, 5})},
                                       {"c by x", some({1, 1, -1, 2, 1})}};
  const auto found = crossovers(curves);
  REQUIRE(found.size() == 4);
  CHECK(found[0].first == 2);
  CHECK(found[0].lasting == 4);
  CHECK_FALSE(found[1].first);  // equal is not smaller
  CHECK(found[2].first == 2);
  CHECK(found[2].lasting == 4);
  CHECK(found[3].loser == "a by x, b by x");
  CHECK(found[3].first == 1);
  CHECK(found[3].lasting == 4);
  CHECK(found[3].searched == 5);
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
        if (!p.shape || !p.embedding.starts_with("sharp") || p.dimension > most) continue;
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
