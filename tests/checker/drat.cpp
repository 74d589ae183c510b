#include "checker/drat.hpp"

#include <doctest/doctest.h>

#include "checker/errors.hpp"

namespace {

std::string verdict(const std::string& formula, const std::string& proof) {
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
  CHECK(verdict(kEight, "1 2 0\n1 0\n2 0\n0\n") == "accepted");
  CHECK(verdict(kEight, "1 2 0\nd 1 2 3 0\nd 1 2 -3 0\n1 0\n-1 2 0\n0\n") == "accepted");
  CHECK(verdict(kEight, "0\n").find("line 1") != std::string::npos);  // no unit to start from
  CHECK(verdict(kEight, "1 2 0\n1 0\n").find("does not end") != std::string::npos);
  CHECK(verdict(kEight, "1 2 0\n1 0\n2 0\n") == "accepted");  // the conflict is there before the empty clause is written
  CHECK(verdict(kEight, "1 2 0\n").find("does not end") != std::string::npos);
  CHECK(verdict(kEight, "").find("does not end") != std::string::npos);
  CHECK(verdict("p cnf 1 2\n1 0\n-1 0\n", "") == "accepted");
  CHECK(verdict("p cnf 0 1\n0\n", "") == "accepted");
}

TEST_CASE("a satisfiable formula has no proof, whatever is tried") {
  for (const char* proof :
       {"0\n", "1 2 0\n1 0\n0\n", "1 0\n2 0\n3 0\n0\n", "-3 0\n0\n", "d -1 2 3 0\n0\n", "1 2 0\nd 1 2 3 0\n1 0\n-2 0\n"})
    CHECK(verdict(kSeven, proof) != "accepted");
}

TEST_CASE("resolution asymmetric tautologies: allowed on the first literal, only when every resolvent follows") {
  // (a or b)(not a or b): unit b follows; then "-1" is RAT on -1: its only resolvent partner (a or b) resolves to b, which holds.
  const std::string formula = "p cnf 3 5\n1 2 0\n-1 2 0\n-2 3 0\n-2 -3 1 0\n-1 -2 -3 0\n";
  CHECK(verdict(formula, "2 0\n0\n") == "accepted");
  // x is free: adding (x) is RAT, adding (not x) after it is not.
  const std::string free = "p cnf 3 2\n1 2 0\n-1 2 0\n";
  CHECK(verdict(free, "3 0\n").find("does not end") != std::string::npos);
  CHECK(verdict(free, "3 0\n-3 0\n").find("line 2") != std::string::npos);
  CHECK(verdict(free, "-2 0\n").find("line 1") != std::string::npos);
}

TEST_CASE("deletions: of what is there, and never of a reason") {
  CHECK(verdict(kEight, "d 1 2 0\n1 2 0\n1 0\n0\n").find("not there") != std::string::npos);
  CHECK(verdict("p cnf 2 4\n1 0\n-1 2 0\n-2 1 0\n-1 -2 0\n", "d 1 0\n0\n") == "accepted");
  CHECK(verdict(kEight, "1 2 0\nd 2 1 0\nd 1 2 0\n").find("line 3") != std::string::npos);
}

TEST_CASE("what is not a proof is said so") {
  CHECK(verdict(kEight, "1 2\n").starts_with("bad: "));
  CHECK(verdict(kEight, "1 99999999999 0\n").starts_with("bad: "));
  CHECK(verdict(kEight, "a\x01\xff").starts_with("bad: "));
  CHECK(verdict(kEight, "1 2 0 3 0\n").starts_with("bad: "));
}
