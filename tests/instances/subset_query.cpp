// SPDX-License-Identifier: MIT
#include "instances/subset_query.hpp"

#include <doctest/doctest.h>

#include "instances/generators/random_subset_query.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/support.hpp"
#include "verify/contained_pair.hpp"

using namespace gapwright;

namespace {

BitMatrix family(const std::vector<std::vector<int>>& sets) {
  BitMatrix bits(sets.size(), sets.at(0).size());
  for (std::size_t r = 0; r < sets.size(); ++r)
    for (std::size_t c = 0; c < sets[r].size(); ++c) bits.set(r, c, sets[r][c] != 0);
  return bits;
}

}  // namespace

TEST_CASE("subset query: a pair is accepted iff the inner set is contained in the outer one") {
  const SubsetQuery query{family({{1, 0, 0}, {1, 0, 1}, {0, 0, 0}}), family({{1, 1, 0}, {0, 1, 1}}), {}};
  CHECK(accepts(query, {0, 0}));
  CHECK_FALSE(accepts(query, {0, 1}));
  CHECK_FALSE(accepts(query, {1, 0}));
  CHECK_FALSE(accepts(query, {1, 1}));
  CHECK(accepts(query, {2, 0}));
  CHECK(accepts(query, {2, 1}));
  for (const SubsetQuery::Witness& none : std::vector<SubsetQuery::Witness>{{}, {0}, {0, 0, 0}, {3, 0}, {0, 2}})
    CHECK_FALSE(accepts(query, none));
}

TEST_CASE("subset query: families over different universes, without sets or without elements are refused") {
  CHECK_THROWS_WITH_AS(check_well_formed(SubsetQuery{BitMatrix(1, 2), BitMatrix(1, 3), {}}),
                       "the sets of inner are over 2 elements, those of outer over 3; both families share one universe",
                       BadInstance);
  CHECK_THROWS_AS(check_well_formed(SubsetQuery{BitMatrix(0, 2), BitMatrix(1, 2), {}}), BadInstance);
  CHECK_THROWS_AS(check_well_formed(SubsetQuery{BitMatrix(1, 0), BitMatrix(1, 0), {}}), BadInstance);
  CHECK_NOTHROW(check_well_formed(SubsetQuery{BitMatrix(1, 1), BitMatrix(5, 1), {}}));
}

TEST_CASE("subset query: the first contained pair, in words, is that of the definition, universes up to three words") {
  std::size_t yes = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(51, seed);
    RandomSubsetQueryRequest request{1 + random.below(6), 1 + random.below(6), 1 + random.below(150)};
    request.inner_density = mpq_class(1 + random.below(3), 20);
    request.outer_density = mpq_class(15 + random.below(5), 20);
    request.seed = seed;
    const SubsetQuery query = random_subset_query(request).query;
    std::optional<SubsetQuery::Witness> first;
    for (std::size_t i = 0; i < query.inner.rows && !first; ++i)
      for (std::size_t j = 0; j < query.outer.rows && !first; ++j)
        if (accepts(query, {i, j})) first = SubsetQuery::Witness{i, j};
    CAPTURE(seed);
    CHECK(first_contained_pair(query) == first);
    yes += first.has_value();
  }
  CHECK(yes > 60);
  CHECK(yes < 280);
}

TEST_CASE("subset query: a planted pair is a witness, the rest is the instance without it, and densities are met") {
  RandomSubsetQueryRequest request{40, 30, 500};
  request.seed = 9;
  const SubsetQuery plain = random_subset_query(request).query;
  request.plant = true;
  const RandomSubsetQuery made = random_subset_query(request);
  REQUIRE(made.planted);
  CHECK(accepts(made.query, *made.planted));
  CHECK(first_contained_pair(made.query) == made.planted);
  CHECK_FALSE(first_contained_pair(plain).has_value());
  std::size_t ones = 0, changed = 0;
  for (std::size_t r = 0; r < 40; ++r)
    for (std::size_t c = 0; c < 500; ++c) {
      ones += plain.inner.get(r, c);
      changed += r != (*made.planted)[0] && plain.inner.get(r, c) != made.query.inner.get(r, c);
    }
  CHECK(changed == 0);
  CHECK(ones > 4700);  // 5000 expected, standard deviation 61
  CHECK(ones < 5300);
  request.inner_density = 1;
  request.outer_density = 0;
  CHECK_THROWS_AS(random_subset_query(request), std::invalid_argument);
}
