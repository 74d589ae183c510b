// SPDX-License-Identifier: MIT
#include "verify/projected_models.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

#include "instances/files/dimacs.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/philox.hpp"
#include "tests/support.hpp"
#include "verify/orthogonal_tuples.hpp"

using namespace gapwright;

namespace {

/// Distinct restrictions of models, by the definition.
std::size_t models_by_definition(const Cnf& cnf, const std::vector<std::int32_t>& shown) {
  std::set<std::vector<bool>> restrictions;
  for (std::uint64_t bits = 0; bits >> cnf.variables == 0; ++bits) {
    Cnf::Witness assignment(cnf.variables);
    for (std::size_t v = 0; v < cnf.variables; ++v) assignment[v] = (bits >> v) & 1;
    if (!accepts(cnf, assignment)) continue;
    std::vector<bool> restriction;
    for (const std::int32_t v : shown) restriction.push_back(assignment[static_cast<std::size_t>(v) - 1]);
    restrictions.insert(restriction);
  }
  return restrictions.size();
}

/// Clauses of 0 to 3 literals, tautologies and repeated literals among them.
Cnf random_formula(Random& random, std::size_t variables) {
  Cnf cnf;
  cnf.variables = variables;
  for (std::size_t clauses = random.below(3 * variables + 1); clauses > 0; --clauses) {
    Cnf::Clause clause;
    for (std::size_t width = variables == 0          ? 0
                             : random.below(20) == 0 ? random.below(2)
                                                     : 1 + random.below(3);
         width > 0; --width) {
      const auto v = static_cast<std::int32_t>(1 + random.below(variables));
      clause.push_back(random.bit() ? v : -v);
    }
    if (!clause.empty() || random.below(4) == 0) cnf.clauses.push_back(clause);
  }
  return cnf;
}

}  // namespace

TEST_CASE("projected models: as many as distinct restrictions of models") {
  Random random(7, 0);
  std::size_t strictly_between = 0;
  for (int i = 0; i < 400; ++i) {
    const Cnf cnf = random_formula(random, random.below(9));
    std::vector<std::int32_t> shown;
    for (std::size_t v = 1; v <= cnf.variables; ++v)
      if (random.bit()) shown.push_back(static_cast<std::int32_t>(v));
    CAPTURE(dimacs_text(cnf));
    const std::size_t expected = models_by_definition(cnf, shown);
    CHECK(count_projected_models(cnf, shown) == expected);
    strictly_between += expected > 1 && expected >> shown.size() == 0 ? 1 : 0;
  }
  CHECK(strictly_between > 50);
}

TEST_CASE("projected models: with all variables shown these are the models, with none satisfiability") {
  Random random(8, 0);
  for (int i = 0; i < 60; ++i) {
    const Cnf cnf = random_formula(random, 2 + random.below(10));
    std::vector<std::int32_t> all;
    for (std::size_t v = 1; v <= cnf.variables; ++v) all.push_back(static_cast<std::int32_t>(v));
    const mpz_class models = count_orthogonal_tuples(SatToOrthogonalVectors(cnf, 2 + i % 3).target(0));
    CHECK(count_projected_models(cnf, all) == models);
    CHECK(count_projected_models(cnf, {}) == (models > 0 ? 1 : 0));
  }
}

TEST_CASE("projected models: corners, and counts beyond 64 bits") {
  const Cnf nothing{0, {}, {}}, wide{80, {{1, 2}, {-80}}, {}}, empty_clause{3, {{}}, {}};
  CHECK(count_projected_models(nothing, {}) == 1);
  CHECK(count_projected_models(empty_clause, {1, 2}) == 0);
  std::vector<std::int32_t> most;
  for (std::int32_t v = 1; v <= 79; ++v) most.push_back(v);
  CHECK(count_projected_models(wide, most) == (mpz_class(3) << 77));
}

TEST_CASE("dimacs: what comments say to model counters") {
  const auto read = [](const std::string& text) { return read_dimacs(InputBytes::from(text, "f")); };
  const Dimacs file = read_dimacs(InputBytes::open(std::string(GAPWRIGHT_TEST_DATA) + "/found/show.cnf"));
  REQUIRE(file.shown.has_value());
  CHECK(*file.shown == std::vector<std::int32_t>{1, 2});
  CHECK(count_projected_models(file.cnf, *file.shown) == 4);
  CHECK(*read("c ind 3 1 0\np cnf 3 0\nc ind 2 3 0\n").shown == std::vector<std::int32_t>{1, 2, 3});
  CHECK(read("c p show 0\np cnf 3 0\n").shown->empty());
  CHECK_FALSE(read("c independent\nc shown 1 0\nc p\np cnf 3 0\n").shown.has_value());
  CHECK(read("p cnf 3 0\nc p weight 1 0.5 0\n").weighted);
  CHECK_FALSE(read("p cnf 3 0\nc weight 1 0.5 0\n").weighted);
  for (const char* line : {"c p show 1 2", "c p show 1 -2 0", "c ind 1 x 0", "c p show 4 0", "c ind 0 1 0", "c p show",
                           "c ind 99999999999 0", "c p show 4294967297 0"}) {
    CAPTURE(line);
    CHECK(read(std::string(line) + "\r\np cnf 3 0\n").shown_trouble != "");
  }
  CHECK(read("c p show 1 3 0\r\np cnf 3 0\n").shown_trouble == "");
}
