// SPDX-License-Identifier: MIT
#include "instances/generators/exact_coin.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/support.hpp"

using namespace gapwright;

TEST_CASE("exact coin: frequencies") {
  for (const mpq_class& p : {mpq_class(1, 3), mpq_class(7, 24), mpq_class(999, 1000), mpq_class(1, 2)}) {
    Random random(5, 0);
    const ExactCoin coin(p);
    constexpr int tosses = 40000;
    int heads = 0;
    for (int i = 0; i < tosses; ++i) heads += coin.toss(random);
    CHECK(std::abs(heads - tosses * p.get_d()) < 5 * std::sqrt(tosses * p.get_d() * (1 - p.get_d())));
  }
}

TEST_CASE("exact coin: 0 and 1 are certain, others outside of them refused") {
  Random random(1, 1);
  const ExactCoin never(0), always(1);
  for (int i = 0; i < 1000; ++i) {
    CHECK_FALSE(never.toss(random));
    CHECK(always.toss(random));
  }
  CHECK(test::message_of<std::invalid_argument>([] { ExactCoin(mpq_class(3, 2)); }) ==
        "a probability is between 0 and 1, here 3/2");
  CHECK_THROWS_AS(ExactCoin(mpq_class(-1, 9)), std::invalid_argument);
}

TEST_CASE("exact coin: when the first word is that of the probability, the next one decides") {
  int heads = 0;
  for (std::uint64_t stream = 0; stream < 40; ++stream) {
    Random look(9, stream);
    const std::uint32_t first = look.word(), second = look.word();
    mpq_class p(2 * mpz_class(first) + 1, mpz_class(1) << 33);  // (first + 1/2) / 2^32
    p.canonicalize();
    Random random(9, stream);
    const bool head = ExactCoin(p).toss(random);
    CHECK(head == (second < (1U << 31)));
    CHECK(random.word() == look.word());
    heads += head;
  }
  CHECK(heads > 5);
  CHECK(heads < 35);
}
