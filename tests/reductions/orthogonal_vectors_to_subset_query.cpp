// SPDX-License-Identifier: MIT
#include "reductions/orthogonal_vectors_to_subset_query.hpp"

#include <doctest/doctest.h>

#include "explore/fuzz/campaign.hpp"
#include "instances/complement.hpp"
#include "instances/generators/corner_vectors.hpp"
#include "reductions/subset_query_to_orthogonal_vectors.hpp"
#include "support/errors.hpp"
#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

TEST_CASE("a complement has the bits that were missing, and zeros beyond its last column") {
  for (const std::size_t columns : {0, 1, 63, 64, 65, 128, 200}) {
    BitMatrix bits(3, columns);
    for (std::size_t c = 0; c < columns; ++c) bits.set(1, c, c % 3 == 0);
    const BitMatrix flipped = complement(bits);
    CAPTURE(columns);
    for (std::size_t r = 0; r < 3; ++r)
      for (std::size_t c = 0; c < columns; ++c) CHECK(flipped.get(r, c) != bits.get(r, c));
    CHECK(complement(flipped) == bits);  // equal as words, so the unused bits are zero
  }
}

TEST_CASE("2-OV to subset query: the example at the head of the rule") {
  OrthogonalVectors ov{3, {BitMatrix(2, 3), BitMatrix(1, 3)}, {}};
  ov.sets[0].set(0, 0);
  ov.sets[0].set(1, 0);
  ov.sets[0].set(1, 2);
  ov.sets[1].set(0, 2);
  const SubsetQuery query = OrthogonalVectorsToSubsetQuery(ov).target(0);
  CHECK(query.inner == ov.sets[0]);
  CHECK(query.outer.get(0, 0));
  CHECK(query.outer.get(0, 1));
  CHECK_FALSE(query.outer.get(0, 2));
  CHECK(accepts(query, {0, 0}));
  CHECK_FALSE(accepts(query, {1, 0}));
}

TEST_CASE("2-OV to subset query: the way back gives the vectors again, and the sizes are those of the law") {
  Random random(7, 0);
  for (int round = 0; round < cases(60); ++round) {
    const OrthogonalVectors ov = draw_vectors(random, 2, 60, 70);
    const OrthogonalVectorsToSubsetQuery rule(ov);
    const SubsetQuery query = rule.target(0);
    CHECK(SubsetQueryToOrthogonalVectors(query).target(0).sets == ov.sets);
    RouteStart start;
    start.order = 2;
    for (const BitMatrix& set : ov.sets) start.set_sizes.emplace_back(set.rows);
    start.dimension = ov.dimension;
    InstanceSizes sizes;
    sizes.set_sizes = start.set_sizes;
    sizes.dimension = start.dimension;
    make_two_families(sizes, {start, {}});
    CHECK(sizes.bits == rule.guarantee().target_bits);
    CHECK(sizes.bits == query_bits(query));
    CHECK(sizes.bits == (query.inner.rows + query.outer.rows) * query.inner.columns);
  }
}

TEST_CASE("2-OV to subset query: without a coordinate every pair is contained, and three sets and empty ones are refused") {
  const OrthogonalVectors none{0, {BitMatrix(2, 0), BitMatrix(3, 0)}, {}};
  const OrthogonalVectorsToSubsetQuery rule(none);
  const SubsetQuery query = rule.target(0);
  check_well_formed(query);
  CHECK(query.inner.columns == 1);
  CHECK(rule.guarantee().target_bits == 5);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t j = 0; j < 3; ++j) CHECK(accepts(query, {i, j}));
  const OrthogonalVectors three{1, {BitMatrix(1, 1), BitMatrix(1, 1), BitMatrix(1, 1)}, {}};
  CHECK_THROWS_AS(OrthogonalVectorsToSubsetQuery{three}, std::invalid_argument);
  const OrthogonalVectors empty{1, {BitMatrix(1, 1), BitMatrix(0, 1)}, {}};
  CHECK_THROWS_AS(OrthogonalVectorsToSubsetQuery{empty}, BadInstance);
  CHECK_THROWS_AS(rule.target(1), std::invalid_argument);
  CHECK_THROWS_AS(rule.pull(0, {0}), std::invalid_argument);
}

TEST_CASE("2-OV to subset query: campaigns know the rule by its row, find it sound, and kill every mutant") {
  const FuzzedRule& rule = fuzzed_rule("orthogonal_vectors_to_subset_query");
  const Campaign campaign{3, static_cast<std::size_t>(cases(150)), {}, {}};
  const RuleReport report = run_campaign(rule, campaign);
  CHECK(report.broken_cases == 0);
  CHECK(report.yes > report.cases / 10);
  CHECK(report.no > report.cases / 10);
  CHECK(rule.mutants.size() == 11);
  for (const FuzzedRule::Mutant& mutant : rule.mutants) {
    const MutantReport killed = run_mutant(rule, mutant, campaign, false);
    CAPTURE(mutant.name);
    CHECK(killed.changed > 0);
    CHECK(killed.killed());
  }
}
