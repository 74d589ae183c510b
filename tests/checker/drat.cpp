// SPDX-License-Identifier: MIT
#include "checker/drat.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "checker/errors.hpp"
#include "checker/proof.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"

namespace {

std::string drat_verdict(const std::string& formula, const std::string& proof) {
  try {
    checker::check_drat(checker::read_dimacs(formula), proof, checker::Clock(10));
    return "accepted";
  } catch (const checker::Rejected& e) {
    return e.what();
  } catch (const checker::BadInput& e) {
    return std::string("bad: ") + e.what();
  }
}

/// All eight clauses over three variables but for the last.
const std::string kSeven = "p cnf 3 7\n1 2 3 0\n1 2 -3 0\n1 -2 3 0\n1 -2 -3 0\n-1 2 3 0\n-1 2 -3 0\n-1 -2 3 0\n";
const std::string kEight = kSeven + "-1 -2 -3 0\n";

}  // namespace

TEST_CASE("reverse unit propagation: a proof step by step, and one that jumps") {
  CHECK(drat_verdict(kEight, "1 2 0\n1 0\n2 0\n0\n") == "accepted");
  CHECK(drat_verdict(kEight, "1 2 0\nd 1 2 3 0\nd 1 2 -3 0\n1 0\n-1 2 0\n0\n") == "accepted");
  CHECK(drat_verdict(kEight, "0\n").find("line 1") != std::string::npos);  // no unit to start from
  CHECK(drat_verdict(kEight, "1 2 0\n1 0\n").find("does not end") != std::string::npos);
  CHECK(drat_verdict(kEight, "1 2 0\n1 0\n2 0\n") == "accepted");  // the conflict is there before the empty clause is written
  CHECK(drat_verdict(kEight, "1 2 0\n").find("does not end") != std::string::npos);
  CHECK(drat_verdict(kEight, "").find("does not end") != std::string::npos);
  CHECK(drat_verdict("p cnf 1 2\n1 0\n-1 0\n", "") == "accepted");
  CHECK(drat_verdict("p cnf 0 1\n0\n", "") == "accepted");
}

TEST_CASE("a satisfiable formula has no proof, whatever is tried") {
  for (const char* proof :
       {"0\n", "1 2 0\n1 0\n0\n", "1 0\n2 0\n3 0\n0\n", "-3 0\n0\n", "d -1 2 3 0\n0\n", "1 2 0\nd 1 2 3 0\n1 0\n-2 0\n"})
    CHECK(drat_verdict(kSeven, proof) != "accepted");
}

TEST_CASE("resolution asymmetric tautologies: allowed on the first literal, only when every resolvent follows") {
  // (a or b)(not a or b): unit b follows; then "-1" is RAT on -1: its only resolvent partner (a or b) resolves to b, which holds.
  const std::string formula = "p cnf 3 5\n1 2 0\n-1 2 0\n-2 3 0\n-2 -3 1 0\n-1 -2 -3 0\n";
  CHECK(drat_verdict(formula, "2 0\n0\n") == "accepted");
  // x is free: adding (x) is RAT, adding (not x) after it is not.
  const std::string free = "p cnf 3 2\n1 2 0\n-1 2 0\n";
  CHECK(drat_verdict(free, "3 0\n").find("does not end") != std::string::npos);
  CHECK(drat_verdict(free, "3 0\n-3 0\n").find("line 2") != std::string::npos);
  CHECK(drat_verdict(free, "-2 0\n").find("line 1") != std::string::npos);
}

TEST_CASE("deletions: of what is there, and never of a reason") {
  CHECK(drat_verdict(kEight, "d 1 2 0\n1 2 0\n1 0\n0\n").find("not there") != std::string::npos);
  CHECK(drat_verdict("p cnf 2 4\n1 0\n-1 2 0\n-2 1 0\n-1 -2 0\n", "d 1 0\n0\n") == "accepted");
  CHECK(drat_verdict(kEight, "1 2 0\nd 2 1 0\nd 1 2 0\n").find("line 3") != std::string::npos);
}

TEST_CASE("what is not a proof is said so") {
  CHECK(drat_verdict(kEight, "1 2\n").starts_with("bad: "));
  CHECK(drat_verdict(kEight, "1 99999999999 0\n").starts_with("bad: "));
  CHECK(drat_verdict(kEight, "a\x01\xff").starts_with("bad: "));
  CHECK(drat_verdict(kEight, "1 2 0 3 0\n").starts_with("bad: "));
}

TEST_CASE("no refutation of a satisfiable formula: random steps, new variables, deletions, as text and in binary") {
  using gapwright::Random;
  const auto clause_of = [](Random& random, std::uint64_t variables) {
    checker::Clause clause;
    for (std::size_t i = 0, n = 1 + random.below(3); i < n; ++i) {
      const auto v = static_cast<checker::Literal>(1 + random.below(variables));
      clause.push_back(random.bit() ? v : -v);
    }
    return clause;
  };
  const auto text_of = [](const std::vector<checker::Clause>& clauses) {
    std::string text;
    for (const auto& clause : clauses) {
      for (const checker::Literal l : clause) text += std::to_string(l) + " ";
      text += "0\n";
    }
    return text;
  };
  int refuted = 0, steps = 0;
  for (int round = 0; round < cases(1500); ++round) {
    Random random(709, static_cast<std::uint64_t>(round));
    std::vector<checker::Clause> clauses;
    for (std::size_t c = 0, n = 4 + random.below(12); c < n; ++c) clauses.push_back(clause_of(random, 4));
    bool satisfiable = false;
    for (unsigned a = 0; a < 16; ++a)
      satisfiable |= std::all_of(clauses.begin(), clauses.end(), [&](const checker::Clause& clause) {
        return std::any_of(clause.begin(), clause.end(),
                           [&](checker::Literal l) { return ((a >> (std::abs(l) - 1)) & 1) == (l > 0 ? 1U : 0U); });
      });
    const std::string formula = "p cnf 4 1\n" + text_of(clauses);
    std::string proof, binary;
    std::string last = "";
    for (int tries = 0; tries < 25 && last != "accepted"; ++tries) {  // keeps the steps that follow
      const bool deletion = random.below(4) == 0;
      const checker::Clause clause = deletion ? clauses[random.below(clauses.size())] : clause_of(random, 6);
      const std::string longer = proof + (deletion ? "d " : "") + text_of({clause});
      last = drat_verdict(formula, longer);
      if (last != "accepted" && last.find("does not end") == std::string::npos) continue;
      proof = longer;
      binary += deletion ? 'd' : 'a';
      for (const checker::Literal l : clause) binary += static_cast<char>(2 * std::abs(l) + (l < 0 ? 1 : 0));
      binary += '\0';
      if (!deletion) clauses.push_back(clause);
      ++steps;
    }
    CAPTURE(formula);
    CAPTURE(proof);
    REQUIRE((!satisfiable || last != "accepted"));
    REQUIRE(drat_verdict(formula, binary) == drat_verdict(formula, proof));
    refuted += last == "accepted";
  }
  CHECK(refuted > cases(100));
  CHECK(steps > cases(3000));
}
