// SPDX-License-Identifier: MIT
#include "instances/generators/random_ksat.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <set>

#include "instances/files/dimacs.hpp"
#include "support/errors.hpp"
#include "support/fields_in_message.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

TEST_CASE("random-ksat: sizes, distinct variables, planted model") {
  for (int i = 0; i < cases(60); ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const std::size_t variables = 3 + seed % 17, clauses = seed % 50, width = 1 + seed % 3;
    const bool plant = seed % 2 == 1;
    const RandomKsat made = random_ksat(variables, clauses, width, plant, seed);
    CHECK(made.cnf.variables == variables);
    CHECK(made.cnf.clauses.size() == clauses);
    for (const auto& clause : made.cnf.clauses) {
      std::set<std::int32_t> seen;
      for (const std::int32_t literal : clause) seen.insert(std::abs(literal));
      CHECK(seen.size() == width);
    }
    CHECK_NOTHROW(check_well_formed(made.cnf));
    REQUIRE(made.planted.has_value() == plant);
    if (plant) CHECK(accepts(made.cnf, *made.planted));
  }
}

TEST_CASE("random-ksat: the same seed gives the same bytes, others do not") {
  const auto text = [](std::uint64_t seed, bool plant = false) { return dimacs_text(random_ksat(20, 80, 3, plant, seed).cnf); };
  std::set<std::string> texts;
  for (const std::uint64_t seed : {0ULL, 1ULL, 2ULL, 1ULL << 32, ~0ULL}) {
    CHECK(text(seed) == text(seed));
    texts.insert(text(seed));
    texts.insert(text(seed, true));
  }
  CHECK(texts.size() == 10);
}

TEST_CASE("random-ksat: bytes do not change from version to version") {
  CHECK(dimacs_text(random_ksat(9, 3, 3, false, 1).cnf) == "p cnf 9 3\n4 -8 -9 0\n-1 -4 -7 0\n1 -2 8 0\n");
  CHECK(dimacs_text(random_ksat(9, 3, 2, true, 0).cnf) == "p cnf 9 3\n2 -9 0\n-1 8 0\n2 5 0\n");
}

TEST_CASE("random-ksat: more clauses begin with the same clauses") {
  const auto few = random_ksat(12, 10, 3, true, 4), many = random_ksat(12, 40, 3, true, 4);
  CHECK(std::equal(few.cnf.clauses.begin(), few.cnf.clauses.end(), many.cnf.clauses.begin()));
  CHECK(few.planted == many.planted);
}

TEST_CASE("random-ksat: variables and signs are uniform") {
  constexpr std::size_t variables = 7, clauses = 6000, width = 3;
  std::vector<double> occurs(variables + 1), positive(variables + 1);
  for (const auto& clause : random_ksat(variables, clauses, width, false, 11).cnf.clauses)
    for (const std::int32_t literal : clause) {
      occurs[static_cast<std::size_t>(std::abs(literal))] += 1;
      positive[static_cast<std::size_t>(std::abs(literal))] += literal > 0;
    }
  constexpr double expected = double(clauses * width) / variables;
  for (std::size_t v = 1; v <= variables; ++v) {
    CHECK(std::abs(occurs[v] - expected) < 6 * std::sqrt(expected));
    CHECK(std::abs(positive[v] - expected / 2) < 6 * std::sqrt(expected / 2));
  }
}

TEST_CASE("random-ksat: a planted clause is uniform among the satisfied ones") {
  constexpr std::size_t clauses = 7000;
  const RandomKsat made = random_ksat(3, clauses, 3, true, 2);
  std::vector<double> hits(8);  // by which of the three literals are true
  for (const auto& clause : made.cnf.clauses) {
    std::size_t pattern = 0;
    for (std::size_t v = 0; v < 3; ++v) pattern |= std::size_t((*made.planted)[v] == (clause[v] > 0)) << v;
    hits[pattern] += 1;
  }
  CHECK(hits[0] == 0);
  for (std::size_t p = 1; p < 8; ++p) CHECK(std::abs(hits[p] - clauses / 7.0) < 6 * std::sqrt(clauses / 7.0));
}

TEST_CASE("random-ksat: impossible requests") {
  const auto error = [](std::size_t n, std::size_t m, std::size_t width, bool plant) {
    return with_options(test::message_of<std::invalid_argument>([&] { random_ksat(n, m, width, plant, 1); }));
  };
  CHECK(error(2, 1, 3, false) == "--width 3 is larger than --variables 2; a clause needs that many different variables");
  CHECK(error(2, 1, 0, true) == "--width 0 with --plant: an empty clause has no satisfying assignment; use --width 1 or more");
  CHECK(error(std::size_t{1} << 31, 1, 3, false) == "--variables 2147483648 is too large; at most 2147483647");
  CHECK(random_ksat(2, 0, 3, true, 1).cnf.clauses.empty());
  CHECK(random_ksat(2, 2, 0, false, 1).cnf.clauses == std::vector<Cnf::Clause>{{}, {}});
  CHECK(random_ksat(4, 1, 4, false, 1).cnf.clauses[0].size() == 4);
  CHECK(random_ksat(0, 0, 3, false, 1).cnf.variables == 0);
}

TEST_CASE("random-ksat: wide clauses are quick, and the caller can stop") {
  CHECK(random_ksat(60000, 2, 30000, false, 1).cnf.clauses[1].size() == 30000);
  std::atomic<int> stop{RunControl::interrupted};
  RunControl control;
  control.stop = &stop;
  CHECK_THROWS_AS(random_ksat(10, 10, 3, false, 1, control), Interrupted);
}
