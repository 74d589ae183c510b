// SPDX-License-Identifier: MIT
#include "reductions/sat_to_orthogonal_vectors.hpp"

#include <doctest/doctest.h>

#include "tests/conformance.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"

using namespace gapwright;
using conformance::broken_oracles;

namespace {

/// A wrong rule made from the right one; `lose_clause` forgets the last coordinate, `swap_groups` pulls the groups back in reverse.
struct Mutant {
  using Source = Cnf;
  using Target = OrthogonalVectors;
  SatToOrthogonalVectors rule;
  enum Kind { lose_clause, swap_values, flip_pull, keep_polarity, wrong_size } kind;

  Guarantee guarantee() const {
    Guarantee g = rule.guarantee();
    if (kind == wrong_size) g.target_bits += 1;
    return g;
  }
  OrthogonalVectors target(const mpz_class& i) const {
    OrthogonalVectors ov = rule.target(i);
    if (kind == lose_clause)
      for (auto& set : ov.sets)
        for (std::size_t r = 0; r < set.rows; ++r) set.set(r, ov.dimension - 1, false);
    if (kind == keep_polarity) std::reverse(ov.sets[0].words.begin(), ov.sets[0].words.end());  // alpha read as its complement
    return ov;
  }
  std::pair<mpz_class, OrthogonalVectors::Witness> push(const Cnf::Witness& w) const {
    auto pushed = rule.push(w);
    if (kind == swap_values) std::reverse(pushed.second.begin(), pushed.second.end());
    return pushed;
  }
  Cnf::Witness pull(const mpz_class& i, const OrthogonalVectors::Witness& t) const {
    auto assignment = rule.pull(i, t);
    if (kind == flip_pull) assignment[0].flip();
    return assignment;
  }
  std::vector<LiftStep> lift() const { return rule.lift(); }
};

}  // namespace

TEST_CASE("SAT to k-OV: all five oracles on formulas with empty, tautological and repeated clauses, N = 0..7, k = 2..5") {
  std::size_t unsatisfiable = 0;
  for (int round = 0; round < cases(200); ++round) {
    Random random(23, static_cast<std::uint64_t>(round));
    const std::size_t most_clauses = 4 + random.below(20);
    const Cnf cnf = corner_cnf(random, 7, most_clauses);
    const std::size_t order = 2 + random.below(4);
    CAPTURE(round);
    REQUIRE(broken_oracles(SatToOrthogonalVectors(cnf, order), cnf, true).empty());
    unsatisfiable += conformance::all_witnesses(cnf).empty();
  }
  CHECK(unsatisfiable >= static_cast<std::size_t>(cases(200) / 20));
}

TEST_CASE("SAT to k-OV: the worked example of the file's head") {
  const Cnf cnf{2, {{1, 2}, {-1}}, {}};
  const OrthogonalVectors ov = SatToOrthogonalVectors(cnf, 2).target(0);
  const auto row = [&](std::size_t set, std::size_t r) {
    return std::vector<bool>{ov.sets[set].get(r, 0), ov.sets[set].get(r, 1)};
  };
  CHECK(row(0, 0) == std::vector<bool>{true, false});
  CHECK(row(0, 1) == std::vector<bool>{false, true});
  CHECK(row(1, 0) == std::vector<bool>{true, true});
  CHECK(row(1, 1) == std::vector<bool>{false, true});
  CHECK(conformance::all_witnesses(ov) == std::vector<OrthogonalVectors::Witness>{{0, 1}});
}

TEST_CASE(
    "SAT to k-OV: a formula without clauses gets one zero coordinate, one with more sets than variables gets singleton sets") {
  const Cnf none{3, {}, {}};
  const OrthogonalVectors ov = SatToOrthogonalVectors(none, 2).target(0);
  CHECK(ov.dimension == 1);
  CHECK(ov.sets[0].rows == 4);
  CHECK(ov.sets[1].rows == 2);
  CHECK(conformance::all_witnesses(ov).size() == 8);
  const Cnf one{1, {{-1}}, {}};
  const OrthogonalVectors wide = SatToOrthogonalVectors(one, 4).target(0);
  CHECK(wide.sets[0].rows == 2);
  CHECK(wide.sets[3].rows == 1);
  CHECK(conformance::all_witnesses(wide) == std::vector<OrthogonalVectors::Witness>{{0, 0, 0, 0}});
}

TEST_CASE("SAT to k-OV: mutants are caught, each by the oracle that is there for it") {
  const Cnf cnf{5, {{1, -3}, {2, 4, -5}, {-1, 3}, {-2, 5}, {4}}, {}};
  const SatToOrthogonalVectors rule(cnf, 3);
  REQUIRE(broken_oracles(rule, cnf, true).empty());
  using Broken = std::vector<std::string>;
  CHECK(broken_oracles(Mutant{rule, Mutant::flip_pull}, cnf, true) == Broken{"push", "pull"});
  CHECK(broken_oracles(Mutant{rule, Mutant::lose_clause}, cnf, true) == Broken{"pull", "count"});
  CHECK(broken_oracles(Mutant{rule, Mutant::swap_values}, cnf, true).front() == "push");
  CHECK_FALSE(broken_oracles(Mutant{rule, Mutant::keep_polarity}, cnf, true).empty());
  CHECK(broken_oracles(Mutant{rule, Mutant::wrong_size}, cnf, true) == Broken{"size"});
}

TEST_CASE("SAT to k-OV: orders below 2, other targets and witnesses of the wrong length are refused") {
  const Cnf cnf{2, {{1, 2}}, {}};
  CHECK_THROWS_AS(SatToOrthogonalVectors(cnf, 1), std::invalid_argument);
  const SatToOrthogonalVectors rule(cnf, 2);
  CHECK_THROWS_AS(rule.target(1), std::invalid_argument);
  CHECK_THROWS_AS(rule.push({true}), std::invalid_argument);
  CHECK_THROWS_AS(rule.pull(0, {0, 0, 0}), std::invalid_argument);
}
