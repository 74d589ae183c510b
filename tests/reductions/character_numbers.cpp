// SPDX-License-Identifier: MIT
#include "reductions/character_numbers.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "codes/field.hpp"
#include "reductions/characters.hpp"

using namespace gapwright;

namespace {

/// One coin, one row a set, Phi = phi: what the gadget really builds there.
FactoredGapMaxIp one_coin(std::int64_t field_size, std::size_t blocks, std::size_t parties, CoinKind kind, std::uint16_t phi) {
  const Field field(field_size);
  FactoredGapMaxIp g;
  g.field = {field.characteristic(), field.size(), field.addition_table(), field.multiplication_table()};
  g.coins = 1;
  g.blocks = blocks;
  SymbolRows ones(1, blocks);
  std::fill(ones.symbols.begin(), ones.symbols.end(), std::uint16_t{1});
  g.sets = std::make_shared<std::vector<SymbolRows>>(parties, ones);
  g.message = {kind == CoinKind::nonzero ? phi : std::uint16_t{0}};
  if (kind == CoinKind::systematic) g.systematic = {0};
  g.gap = {1, 0};
  return g;
}

std::vector<double> expanded(const FactoredGapMaxIp& g) {
  auto weights = characters(g, mpz_class(1) << 40).weights;
  std::sort(weights.begin(), weights.end());
  return weights;
}

std::vector<double> by_numbers(const std::vector<WeightClass>& classes) {
  std::vector<double> weights;
  for (const WeightClass& c : classes) weights.insert(weights.end(), c.coordinates.get_ui(), std::sqrt(c.weight_squared.get_d()));
  std::sort(weights.begin(), weights.end());
  return weights;
}

}  // namespace

TEST_CASE("character numbers: the weights of Theorem R11 are those that the expansion has, coordinate by coordinate") {
  std::size_t compared = 0;
  for (const std::int64_t q : {2, 3, 4, 5, 7, 8, 9, 11, 25})
    for (std::size_t blocks = 1; std::pow(q, blocks) * q <= 700; ++blocks)
      for (const std::size_t parties : {std::size_t{2}, std::size_t{3}, std::size_t{5}})
        for (const CoinKind kind : {CoinKind::zero, CoinKind::nonzero, CoinKind::systematic}) {
          CAPTURE(q);
          CAPTURE(blocks);
          CAPTURE(parties);
          const auto numbers = by_numbers(character_weights(kind, static_cast<std::uint64_t>(q), blocks, parties));
          for (const std::uint16_t phi : {std::uint16_t{1}, static_cast<std::uint16_t>(q - 1)}) {
            const auto built = expanded(one_coin(q, blocks, parties, kind, phi));
            REQUIRE(built.size() == numbers.size());
            for (std::size_t c = 0; c < built.size(); ++c) REQUIRE(built[c] == doctest::Approx(numbers[c]).epsilon(1e-12));
            ++compared;
          }
        }
  CHECK(compared > 100);
}

TEST_CASE("character numbers: the worked example, 215 and 896 coordinates with weights adding up to 126 and 303") {
  const auto zero = character_weights(CoinKind::zero, 5, 4, 3), nonzero = character_weights(CoinKind::nonzero, 5, 4, 3);
  CHECK(coordinate_count(zero) == 215);
  CHECK(coordinate_count(nonzero) == 896);
  const auto total = [](const std::vector<WeightClass>& classes) {
    double sum = 0;
    for (const WeightClass& c : classes) sum += c.coordinates.get_d() * std::sqrt(c.weight_squared.get_d());
    return sum;
  };
  CHECK(std::round(total(zero)) == 126);
  CHECK(std::round(total(nonzero)) == 303);
}

TEST_CASE("character numbers: repetitions are the exact ceiling, on both sides of a whole number") {
  CHECK(repetitions(4, 1) == 2);
  CHECK(repetitions(mpq_class(401, 100), 1) == 3);
  CHECK(repetitions(mpq_class(399, 100), 1) == 2);
  CHECK(repetitions(2, mpq_class(1, 2)) == 3);  // sqrt 2 / (1/2) = 2.83
  CHECK(repetitions(mpq_class(9, 4), mpq_class(1, 2)) == 3);
  mpz_class far;
  mpz_ui_pow_ui(far.get_mpz_t(), 10, 60);
  CHECK(repetitions(mpq_class(far * far + 1), 1) == far + 1);
}
