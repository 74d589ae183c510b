// SPDX-License-Identifier: MIT
#include "instances/generators/cnf_transform.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "instances/generators/random_ksat.hpp"
#include "instances/generators/structured_cnf.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"
#include "verify/brute_force.hpp"

using namespace gapwright;

TEST_CASE("cnf transforms: models go to models both ways, and their number stays") {
  for (int i = 0; i < cases(30); ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    const std::size_t variables = 3 + seed % 6;
    const Cnf cnf = random_ksat(variables, 3 + seed % 11, 1 + seed % 3, false, seed).cnf;
    const std::vector<std::string> names = std::vector<std::vector<std::string>>{
        {"shuffle"}, {"flip"}, {"shuffle", "flip"}, {"flip", "shuffle", "shuffle"}, {}}[seed % 5];
    const TransformedCnf result = transform(cnf, names, seed);
    CHECK_NOTHROW(check_well_formed(result.cnf));
    std::size_t models = 0;
    for (std::size_t bits = 0; bits < std::size_t{1} << variables; ++bits) {
      Cnf::Witness assignment(variables);
      for (std::size_t v = 0; v < variables; ++v) assignment[v] = (bits >> v) & 1;
      CHECK(pull(result.literals, push(result.literals, assignment)) == assignment);
      CHECK(push(result.literals, pull(result.literals, assignment)) == assignment);
      CHECK(violated_clauses(cnf, pull(result.literals, assignment)) == violated_clauses(result.cnf, assignment));
      models += accepts(cnf, assignment);
    }
    CHECK(enumerate_assignments(result.cnf).models == models);
  }
}

TEST_CASE("cnf transforms: shuffle and flip do something, uniformly") {
  const Cnf cnf = pigeonhole(4, 3).cnf;
  std::set<std::int32_t> images;
  int negated = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const TransformedCnf shuffled = transform(cnf, "shuffle", seed, 0);
    images.insert(shuffled.literals[0]);
    CHECK_FALSE(shuffled.cnf.clauses == cnf.clauses);
    CHECK(std::all_of(shuffled.literals.begin(), shuffled.literals.end(), [](std::int32_t l) { return l > 0; }));
    const TransformedCnf flipped = transform(cnf, "flip", seed, 0);
    for (std::size_t v = 0; v < flipped.literals.size(); ++v) {
      CHECK(std::abs(flipped.literals[v]) == static_cast<std::int32_t>(v + 1));
      negated += flipped.literals[v] < 0;
    }
  }
  CHECK(images.size() == 12);
  CHECK(std::abs(negated - 1200) < 6 * 25);
  CHECK(transform(cnf, "flip", 3, 0).literals != transform(cnf, "flip", 3, 1).literals);
  CHECK(test::message_of<std::invalid_argument>([&] { transform(cnf, "mirror", 1, 0); }) ==
        "`transform` mirror: the transforms are shuffle and flip");
}
