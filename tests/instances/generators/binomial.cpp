// SPDX-License-Identifier: MIT
#include "instances/generators/binomial.hpp"

#include <doctest/doctest.h>

#include "tests/support.hpp"

using namespace gapwright;

namespace {

mpq_class exact_at_least(std::uint64_t n, const mpq_class& p, std::uint64_t count) {
  mpq_class sum = 0;
  for (std::uint64_t i = count; i <= n; ++i) {
    mpz_class ways;
    mpz_bin_uiui(ways.get_mpz_t(), n, i);
    mpq_class term(ways);
    for (std::uint64_t j = 0; j < n; ++j) term *= j < i ? p : mpq_class(1 - p);
    sum += term;
  }
  return sum;
}

void check_tight(const mpf_class& bound, const mpq_class& exact) {
  const mpq_class value(bound);
  CHECK(value >= exact);
  CHECK(value <= exact * (1 + mpq_class(1, mpz_class(1) << 40)));
}

}  // namespace

TEST_CASE("binomial tails: upper bounds, and tight") {
  for (const auto& [n, p] : {std::pair<std::uint64_t, mpq_class>{1, {1, 2}}, {7, {1, 3}}, {40, {1, 8}}, {33, {9, 10}}}) {
    const BinomialTails tails(n, p);
    for (std::uint64_t i = 0; i <= n; ++i) {
      check_tight(tails.at_least(i), exact_at_least(n, p, i));
      check_tight(tails.at_most(i), i == n ? mpq_class(1) : mpq_class(1 - exact_at_least(n, p, i + 1)));
    }
    CHECK(tails.at_least(n + 1) == 0);
  }
}

TEST_CASE("binomial tails: far tails keep their digits, and impossible requests") {
  const BinomialTails tails(10000, mpq_class(1, 2));
  mpf_class expected(1, 128);
  mpf_div_2exp(expected.get_mpf_t(), expected.get_mpf_t(), 10000);
  CHECK(tails.at_least(10000) >= expected);
  CHECK(tails.at_least(10000) <= expected * (1 + mpf_class(1e-11)));
  CHECK_THROWS_AS(BinomialTails(3, 0), std::invalid_argument);
  CHECK_THROWS_AS(BinomialTails(3, 1), std::invalid_argument);
  CHECK_THROWS_AS(BinomialTails(std::uint64_t{1} << 25, mpq_class(1, 2)), std::invalid_argument);
}
