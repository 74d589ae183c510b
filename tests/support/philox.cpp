// SPDX-License-Identifier: MIT
#include "support/philox.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <vector>

using namespace gapwright;
using Words = std::array<std::uint32_t, 4>;

TEST_CASE("philox: the known answers of Random123") {
  constexpr std::uint32_t ones = 0xffffffff;
  CHECK(philox({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  CHECK(philox({ones, ones, ones, ones}, {ones, ones}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("random: a stream is the blocks of its counter") {
  Random random(0xa4093822'299f31d0, 0x13198a2e'03707344);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const Words expected = philox({block, 0, 0x03707344, 0x13198a2e}, {0x299f31d0, 0xa4093822});
    for (const std::uint32_t word : expected) CHECK(random.word() == word);
  }
}

TEST_CASE("random: seeds and streams differ in both halves of their bits") {
  std::set<std::uint32_t> first_words;
  for (const std::uint64_t a : {0ULL, 1ULL, 1ULL << 32, ~0ULL})
    for (const std::uint64_t b : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) first_words.insert(Random(a, b).word());
  CHECK(first_words.size() == 16);
}

TEST_CASE("random: below stays below, reaches everything, and is roughly uniform") {
  for (const std::uint64_t bound : {1ULL, 2ULL, 3ULL, 7ULL, 10ULL}) {
    Random random(5, bound);
    constexpr double draws = 20000;
    std::vector<double> hits(bound);
    for (int i = 0; i < static_cast<int>(draws); ++i) hits.at(random.below(bound)) += 1;
    const double expected = draws / static_cast<double>(bound);
    for (const double h : hits) CHECK(std::abs(h - expected) <= 6 * std::sqrt(expected));
  }
}

TEST_CASE("random: below at the largest bounds") {
  for (const std::uint64_t bound : {(1ULL << 63) + 1, ~0ULL, 1ULL << 63}) {
    Random random(9, 1);
    int high = 0;
    for (int i = 0; i < 200; ++i) {
      const std::uint64_t draw = random.below(bound);
      CHECK(draw < bound);
      high += draw >= bound / 2;
    }
    CHECK(high > 60);
    CHECK(high < 140);
  }
}

TEST_CASE("random: unit is at least 0 and below 1 with mean one half, bits are fair") {
  Random random(3, 0);
  double sum = 0;
  int ones = 0;
  for (int i = 0; i < 10000; ++i) {
    const double x = random.unit();
    CHECK((x >= 0 && x < 1));
    CHECK(std::floor(x * 0x1p53) == x * 0x1p53);
    sum += x;
    ones += random.bit();
  }
  CHECK(std::abs(sum - 5000) < 200);
  CHECK(std::abs(ones - 5000) < 300);
}
