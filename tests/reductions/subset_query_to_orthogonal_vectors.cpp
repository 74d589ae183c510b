// SPDX-License-Identifier: MIT
#include "reductions/subset_query_to_orthogonal_vectors.hpp"

#include <doctest/doctest.h>
#include "explore/fuzz/campaign.hpp"
#include "instances/generators/random_subset_query.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"

#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "verify/attention_counts.hpp"

using namespace gapwright;

namespace gapwright {

std::vector<SubsetQuery::Witness> all_witnesses(const SubsetQuery& query) {
  auto pairs = conformance::all_tuples({query.inner.rows, query.outer.rows});
  std::erase_if(pairs, [&](const auto& pair) { return !accepts(query, pair); });
  return pairs;
}

}  // namespace gapwright

TEST_CASE("subset query to 2-OV: the example at the head of the rule") {
  SubsetQuery query{BitMatrix(2, 3), BitMatrix(1, 3), {}};
  query.inner.set(0, 0);
  query.inner.set(1, 0);
  query.inner.set(1, 2);
  query.outer.set(0, 0);
  query.outer.set(0, 1);
  const OrthogonalVectors ov = SubsetQueryToOrthogonalVectors(query).target(0);
  CHECK(ov.sets[0] == query.inner);
  CHECK(ov.sets[1].get(0, 2));
  CHECK_FALSE(ov.sets[1].get(0, 0));
  CHECK(accepts(ov, {0, 0}));
  CHECK_FALSE(accepts(ov, {1, 0}));
}

TEST_CASE("subset query to 2-OV: all oracles, and sizes of the families differ") {
  for (int round = 0; round < cases(60); ++round) {
    RandomSubsetQueryRequest request{1 + static_cast<std::size_t>(round) % 5, 1 + static_cast<std::size_t>(round) % 7,
                                     1 + static_cast<std::size_t>(round) % 9};
    request.seed = static_cast<std::uint64_t>(round);
    const SubsetQuery query = random_subset_query(request).query;
    CAPTURE(round);
    CHECK(conformance::broken_oracles(SubsetQueryToOrthogonalVectors(query), query, true).empty());
  }
}

TEST_CASE("subset query to 2-OV: campaigns know the rule by its row, find it sound, and kill every mutant") {
  const FuzzedRule& rule = fuzzed_rule("subset_query_to_orthogonal_vectors");
  const Campaign campaign{3, static_cast<std::size_t>(cases(150)), {}, {}};
  const RuleReport report = run_campaign(rule, campaign);
  CHECK(report.broken_cases == 0);
  CHECK(report.yes > report.cases / 10);
  CHECK(report.no > report.cases / 10);
  CHECK(rule.mutants.size() == 11);
  for (const FuzzedRule::Mutant& mutant : rule.mutants) {
    const MutantReport killed = run_mutant(rule, mutant, campaign, mutant.name == "lost-bit");
    CAPTURE(mutant.name);
    CHECK(killed.changed > 0);
    CHECK(killed.killed());
    if (killed.example) {
      const Regression again = read_regression(regression_text(*killed.example), "again");
      CHECK(replay(again).empty());
      CHECK(size_of(again.fuzz_case) <= 12);
    }
  }
}
