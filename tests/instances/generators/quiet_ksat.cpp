// SPDX-License-Identifier: MIT
#include "instances/generators/quiet_ksat.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

#include "instances/files/dimacs.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/fields_in_message.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

/// Sum over the sets of (weight of the planted vector - its mean in the null model), in standard deviations of the null model.
struct Score {
  double excess = 0, variance = 0;
  void add(const RandomKsat& made, std::size_t order) {
    const SatToOrthogonalVectors rule(made.cnf, order);
    const OrthogonalVectors ov = rule.target(0);
    const auto tuple = rule.push(*made.planted).second;
    for (std::size_t u = 0; u < order; ++u)
      for (std::size_t c = 0; c < made.cnf.clauses.size(); ++c) {
        double p = 1;  // that a vector of this set has a 1 in coordinate c
        for (const std::int32_t literal : made.cnf.clauses[c])
          if (group_of(std::abs(literal), made.cnf.variables, order) == u) p /= 2;
        excess += ov.sets[u].get(tuple[u], c) - p;
        variance += p * (1 - p);
      }
  }
  double deviations() const { return excess / std::sqrt(variance); }
};

}  // namespace

TEST_CASE("quiet k-SAT: groups are those of split and list") {
  for (std::size_t variables = 1; variables < 14; ++variables)
    for (std::size_t order = 2; order < 6; ++order) {
      Cnf cnf;
      cnf.variables = variables;
      const SatToOrthogonalVectors rule(cnf, order);
      for (std::size_t v = 0; v < variables; ++v) {
        Cnf::Witness assignment(variables);
        assignment[v] = true;
        const auto tuple = rule.push(assignment).second;
        CHECK(tuple[group_of(static_cast<std::int32_t>(v + 1), variables, order)] != 0);
      }
    }
}

TEST_CASE("quiet k-SAT: clauses touch two groups, hold different variables, and the planted model satisfies them") {
  for (int i = 0; i < cases(60); ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const std::size_t order = 2 + seed % 3, variables = 4 + seed % 9, width = 2 + seed % 3, clauses = seed % 40;
    const bool plant = seed % 4 != 0;
    const RandomKsat made = quiet_ksat(variables, clauses, width, order, plant, seed);
    CHECK(made.cnf.clauses.size() == clauses);
    CHECK(made.planted.has_value() == plant);
    if (plant) CHECK(accepts(made.cnf, *made.planted));
    for (const auto& clause : made.cnf.clauses) {
      std::set<std::int32_t> seen;
      std::set<std::size_t> groups;
      for (const std::int32_t literal : clause) {
        seen.insert(std::abs(literal));
        groups.insert(group_of(std::abs(literal), variables, order));
      }
      CHECK(seen.size() == width);
      CHECK(groups.size() >= 2);
    }
  }
}

TEST_CASE("quiet k-SAT: weights of planted vectors are as in the null model, those of plain planting are not") {
  for (const auto& [order, width] : {std::pair<std::size_t, std::size_t>{2, 3}, {3, 3}, {4, 3}, {3, 4}, {2, 2}}) {
    CAPTURE(order);
    CAPTURE(width);
    Score quiet, plain;
    const int seeds = cases(12);
    for (int i = 0; i < seeds; ++i) {
      const auto seed = static_cast<std::uint64_t>(i);
      quiet.add(quiet_ksat(12, 400, width, order, true, seed), order);
      plain.add(random_ksat(12, 400, width, true, seed), order);
    }
    CHECK(std::abs(quiet.deviations()) < 5);
    if (seeds >= 12) CHECK(plain.deviations() < -5);
  }
}

TEST_CASE("quiet k-SAT: sign patterns within a group are uniform, and jointly as proved for two groups") {
  // k = 2, width 3, groups {1,2,3,4} and {5,6,7,8}; clauses with two variables in the first group and one in the second.
  const RandomKsat made = quiet_ksat(8, 28000, 3, 2, true, 3);
  std::vector<double> hits(8);
  double total = 0;
  for (const auto& clause : made.cnf.clauses) {
    if (std::abs(clause[1]) > 4 || std::abs(clause[2]) <= 4) continue;
    std::size_t pattern = 0;
    for (std::size_t i = 0; i < 3; ++i)
      pattern |= std::size_t((*made.planted)[static_cast<std::size_t>(std::abs(clause[i])) - 1] == (clause[i] > 0)) << i;
    hits[pattern] += 1;
    total += 1;
  }
  REQUIRE(total > 9000);
  CHECK(hits[0] == 0);
  const auto check = [&](double count, double p) { CHECK(std::abs(count - total * p) < 6 * std::sqrt(total * p)); };
  check(hits[4], 0.25);  // both false: the third must be true
  for (std::size_t pair = 1; pair < 4; ++pair) {
    check(hits[pair + 4], 1.0 / 12);
    check(hits[pair], 1.0 / 6);
  }
}

TEST_CASE("quiet k-SAT: width 3 over three groups hits 1, 2, 3 true literals as the mixture says") {
  const RandomKsat made = quiet_ksat(9, 30000, 3, 3, true, 8);
  std::vector<double> trues(4);
  double total = 0;
  for (const auto& clause : made.cnf.clauses) {
    std::set<std::size_t> groups;
    std::size_t count = 0;
    for (const std::int32_t literal : clause) {
      groups.insert(group_of(std::abs(literal), 9, 3));
      count += (*made.planted)[static_cast<std::size_t>(std::abs(literal)) - 1] == (literal > 0);
    }
    if (groups.size() < 3) continue;
    trues[count] += 1;
    total += 1;
  }
  CHECK(trues[0] == 0);
  constexpr double lambda = 7.0 / 24, all = lambda / 4;  // 7/24 of "odd", the rest "one or two, alike"
  const double expected[] = {0, 3 * lambda / 4 + (1 - lambda) / 2, (1 - lambda) / 2, all};
  for (int t = 1; t <= 3; ++t) CHECK(std::abs(trues[t] - total * expected[t]) < 6 * std::sqrt(total * expected[t]));
}

TEST_CASE("quiet k-SAT: the null model has uniform signs") {
  const RandomKsat made = quiet_ksat(6, 6000, 3, 2, false, 5);
  double positive = 0;
  for (const auto& clause : made.cnf.clauses)
    for (const std::int32_t literal : clause) positive += literal > 0;
  CHECK(std::abs(positive - 9000) < 6 * std::sqrt(4500.0));
  CHECK(dimacs_text(quiet_ksat(6, 3, 3, 2, false, 5).cnf) == dimacs_text(quiet_ksat(6, 3, 3, 2, false, 5).cnf));
}

TEST_CASE("quiet k-SAT: impossible requests") {
  const auto error = [](std::size_t n, std::size_t width, std::size_t order) {
    return with_options(test::message_of<std::invalid_argument>([&] { quiet_ksat(n, 1, width, order, true, 1); }));
  };
  CHECK(error(5, 1, 3).find("--width 1: quiet planting needs clauses that touch two groups") == 0);
  CHECK(error(2, 3, 3).find("--width 3 is larger than --variables 2") == 0);
  CHECK(error(5, 3, 1).find("-k 1") == 0);
  CHECK(quiet_ksat(0, 0, 3, 3, true, 1).cnf.variables == 0);
}
