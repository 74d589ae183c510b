// SPDX-License-Identifier: MIT
#include "reductions/pipeline.hpp"

#include <doctest/doctest.h>

#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"

using namespace gapwright;

TEST_CASE("CNF to attention: all five oracles, k = 2, 3, 4, with and without --square") {
  for (int round = 0; round < cases(40); ++round) {
    Random random(41, static_cast<std::uint64_t>(round));
    const Cnf cnf = corner_cnf(random, 6, 8);
    DirectOptions options;
    options.square = round % 4 == 3;
    const std::size_t order = 2 + random.below(3);
    CAPTURE(round);
    REQUIRE(conformance::broken_oracles(SatToAttention(cnf, order, options), cnf, !options.square).empty());
  }
}

TEST_CASE("CNF to attention: the guarantee is known for sizes that could never be built") {
  Cnf cnf;
  cnf.variables = 130;
  cnf.clauses.resize(550);
  const SatToAttention rule(cnf, 3);
  CHECK(rule.embedding().set_sizes[0] == mpz_class(1) << 44);
  CHECK(rule.guarantee().target_bits > mpz_class(1) << 50);
  CHECK(rule.guarantee().no_at_most < mpq_class(1, 16));
  CHECK(rule.guarantee().yes_at_least > mpq_class(2, 5));
}

TEST_CASE("CNF to attention: witnesses of repeated rows pull back to the assignment they repeat") {
  const Cnf cnf{3, {{1, 2, 3}}, {}};
  DirectOptions options;
  options.square = true;
  const SatToAttention rule(cnf, 2, options);  // sets of 4 and 2 vectors; 4 queries, 3 data keys and a pad
  CHECK(rule.embedding().query_rows == 4);
  CHECK(rule.embedding().data_keys[0] == 3);
  CHECK(rule.pull(0, {3, 2}) == rule.pull(0, {3, 0}));
  CHECK_THROWS_AS(rule.pull(0, {1, 2, 3}), std::invalid_argument);
}
