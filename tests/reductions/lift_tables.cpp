// SPDX-License-Identifier: MIT
#include "instances/lift.hpp"

#include <doctest/doctest.h>

#include "instances/files/lift_file.hpp"
#include "reductions/pipeline.hpp"
#include "tests/multiplier.hpp"

using namespace gapwright;

TEST_CASE("lift tables: lifting is pull, for every tuple") {
  for (std::size_t variables = 0; variables < 8; ++variables)
    for (std::size_t order = 2; order < 5; ++order) {
      Cnf cnf;
      cnf.variables = variables;
      cnf.clauses = {{}};
      for (const bool square : {false, true}) {
        DirectOptions options;
        options.square = square;
        const SatToAttention rule(cnf, order, options);
        const LiftTable table{"attention", "cnf", {lift_step(rule.embedding()), rule.to_vectors().lift().front()}};
        CHECK(read_lift(InputBytes::from(lift_json(table), "t")) == table);
        BitAttention::Witness tuple(order, 0);
        std::size_t looked_at = 0;
        for (;;) {
          ++looked_at;
          CHECK(lift(table, {tuple.begin(), tuple.end()}) == literals_of(rule.pull(0, tuple)));
          std::size_t u = 0;
          const auto limit = [&](std::size_t i) {
            return i == 0 ? rule.embedding().query_rows.get_ui() : rule.embedding().data_keys[i - 1].get_ui();
          };
          while (u < order && ++tuple[u] == limit(u)) tuple[u++] = 0;
          if (u == order) break;
        }
        CHECK(mpz_class(looked_at) == rule.embedding().main_tuples * rule.embedding().query_rows);
        tuple.assign(order, 0);
        tuple[1] = rule.embedding().data_keys[0].get_ui();  // the pad
        CHECK_THROWS_AS(lift(table, {tuple.begin(), tuple.end()}), std::invalid_argument);
      }
    }
}

TEST_CASE(
    "lift tables: under a causal mask lifting is pull for every row and every key with value 1, and other keys are refused") {
  for (std::size_t variables = 2; variables < 7; ++variables)
    for (std::size_t order = 2; order < 4; ++order) {
      Cnf cnf;
      cnf.variables = variables;
      cnf.clauses = {{}};
      DirectOptions options;
      options.causal = true;
      const SatToAttention rule(cnf, order, options);
      const BitAttention attention = rule.target(0);
      const LiftTable table{"attention", "cnf", {lift_step(rule.embedding()), rule.to_vectors().lift().front()}};
      BitAttention::Witness tuple(order, 0);
      for (std::size_t u = 0;;) {
        bool data = true;
        for (std::size_t w = 1; w < order; ++w) data = data && attention.values[w - 1][tuple[w]] == 1;
        if (data)
          CHECK(lift(table, {tuple.begin(), tuple.end()}) == literals_of(rule.pull(0, tuple)));
        else
          CHECK_THROWS_AS(lift(table, {tuple.begin(), tuple.end()}), std::invalid_argument);
        for (u = 0; u < order && ++tuple[u] == (u == 0 ? attention.queries.rows : attention.keys[u - 1].rows); ++u) tuple[u] = 0;
        if (u == order) break;
      }
    }
}

TEST_CASE("lift tables: the protocol keeps indices, within the sets") {
  const LiftTable table{"gap-max-ip", "orthogonal-vectors", {identity_lift("orthogonal-vectors -> gap-max-ip", {4, 2})}};
  CHECK(lift(table, {3, 1}) == WitnessNumbers{3, 1});
  CHECK_THROWS_AS(lift(table, {4, 1}), std::invalid_argument);
}
