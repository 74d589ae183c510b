// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <chrono>

#include "instances/generators/random_ksat.hpp"
#include "instances/generators/structured_cnf.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "verify/brute_force.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

using namespace gapwright;

TEST_CASE("CryptoMiniSat and brute force agree on corner formulas, and models satisfy") {
  int satisfiable = 0;
  for (int round = 0; round < cases(60); ++round) {
    Random random(53, static_cast<std::uint64_t>(round));
    const Cnf cnf = corner_cnf(random, 8, 40);
    const CnfCensus census = enumerate_assignments(cnf);
    const SatAnswer oracle = ask_cryptominisat(cnf);
    REQUIRE(oracle.satisfiable.has_value());
    REQUIRE(*oracle.satisfiable == (census.models > 0));
    REQUIRE((census.fewest_violated == 0) == (census.models > 0));
    if (census.models > 0) {
      REQUIRE(accepts(cnf, oracle.model));
      REQUIRE(accepts(cnf, *census.model));
      ++satisfiable;
    }
  }
  CHECK(satisfiable > cases(60) / 10);
  CHECK(satisfiable < cases(60) + (cases(60) == 1));
}

TEST_CASE("CryptoMiniSat stops when asked to, and gives no answer when its time is up") {
  const Cnf hard = random_ksat(400, 1704, 3, false, 3).cnf;
  CHECK_FALSE(ask_cryptominisat(hard, {}, 0.01).satisfiable.has_value());
  std::atomic<int> stop{RunControl::timed_out};
  CHECK_THROWS_AS(ask_cryptominisat(hard, {.threads = 1, .stop = &stop, .progress = {}}), LimitReached);
}

TEST_CASE("a model is searched for within a time: of a formula that takes the solver many minutes there is none") {
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(model_within(0.2, parity(15).cnf, {}).has_value());
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));  // of the clock, on a machine that is shared
  const Cnf easy = random_ksat(30, 60, 3, false, 3).cnf;
  CHECK(accepts(easy, model_within(60, easy, {}).value()));
  CHECK_FALSE(model_within(60, {1, {{1}, {-1}}, {}}, {}).has_value());
}

TEST_CASE("counts, first tuples and fewest violations of formulas equal brute force, k = 2, 3, 4") {
  for (int round = 0; round < cases(40); ++round) {
    Random random(59, static_cast<std::uint64_t>(round));
    const Cnf cnf = corner_cnf(random, 9, 60);
    const CnfCensus census = enumerate_assignments(cnf);
    for (const std::size_t order : {std::size_t{2}, std::size_t{3}, std::size_t{4}}) {
      const SatToOrthogonalVectors rule(cnf, order);
      const OrthogonalVectors ov = rule.target(0);
      REQUIRE(count_orthogonal_tuples(ov) == mpz_class(census.models));
      const OrthogonalCensus tuples = enumerate_tuples(ov);
      REQUIRE(tuples.orthogonal == census.models);
      REQUIRE(first_orthogonal_tuple(ov) == tuples.first);
      const auto best = smallest_inner_product(ov);
      REQUIRE(best.has_value());
      REQUIRE(best->product == census.fewest_violated);
      REQUIRE(violated_clauses(cnf, rule.pull(0, best->first)) == census.fewest_violated);
    }
  }
}

TEST_CASE("an empty set has no tuples, dimension 0 makes every tuple orthogonal") {
  OrthogonalVectors ov{3, {BitMatrix(2, 3), BitMatrix(0, 3)}, {}};
  CHECK(count_orthogonal_tuples(ov) == 0);
  CHECK_FALSE(first_orthogonal_tuple(ov).has_value());
  CHECK_FALSE(smallest_inner_product(ov).has_value());
  ov = {0, {BitMatrix(2, 0), BitMatrix(700, 0), BitMatrix(3, 0)}, {}};
  CHECK(count_orthogonal_tuples(ov) == 4200);
  CHECK(first_orthogonal_tuple(ov) == OrthogonalVectors::Witness{0, 0, 0});
}

TEST_CASE("brute force refuses what it cannot finish") {
  Cnf cnf;
  cnf.variables = 31;
  CHECK_THROWS_AS(enumerate_assignments(cnf), std::invalid_argument);
  const OrthogonalVectors ov{1, {BitMatrix(1 << 16, 1), BitMatrix(1 << 16, 1)}, {}};
  CHECK_THROWS_AS(enumerate_tuples(ov), std::invalid_argument);
}
