// SPDX-License-Identifier: MIT
#include "explore/plan/crossovers.hpp"

#include <doctest/doctest.h>
#include <mpfr.h>

#include <algorithm>
#include <cmath>

#include "explore/plan/planner.hpp"
#include "reductions/character_numbers.hpp"

using namespace gapwright;

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
