// SPDX-License-Identifier: MIT
#include "instances/generators/structured_cnf.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "instances/files/dimacs.hpp"
#include "support/fields_in_message.hpp"
#include "tests/support.hpp"
#include "verify/brute_force.hpp"
#include "verify/sat_oracle.hpp"

using namespace gapwright;

namespace {

/// The clauses as a sorted list of sorted literals: the same formula up to order.
std::vector<Cnf::Clause> sorted(std::vector<Cnf::Clause> clauses) {
  for (auto& clause : clauses) std::sort(clause.begin(), clause.end());
  std::sort(clauses.begin(), clauses.end());
  return clauses;
}

void check_same(const StructuredCnf& made, const std::string& file) {
  CAPTURE(file);
  const Cnf theirs = read_dimacs(InputBytes::open(std::string(GAPWRIGHT_TEST_DATA) + "/" + file)).cnf;
  CHECK(made.cnf.variables == theirs.variables);
  CHECK(sorted(made.cnf.clauses) == sorted(theirs.clauses));
  CHECK(made.satisfiable == file.starts_with("yes"));
}

void check_size(const StructuredCnf& made, const CnfSize& size) {
  std::size_t literals = 0;
  for (const auto& clause : made.cnf.clauses) literals += clause.size();
  CHECK(size.variables == made.cnf.variables);
  CHECK(size.clauses == made.cnf.clauses.size());
  CHECK(size.literals == literals);
  CHECK_NOTHROW(check_well_formed(made.cnf));
}

std::uint64_t models(const StructuredCnf& made) { return enumerate_assignments(made.cnf).models; }

std::uint64_t factorial(std::uint64_t n) { return n < 2 ? 1 : n * factorial(n - 1); }

}  // namespace

TEST_CASE("structured: the same clauses as CNFgen") {
  check_same(pigeonhole(4, 3), "no/php-4-3.cnf");
  check_same(parity(5), "no/parity-5.cnf");
  check_same(ramsey(3, 3, 6), "no/ram-3-3-6.cnf");
  check_same(van_der_waerden(9, 3, 3), "no/vdw-9-3-3.cnf");
  check_same(van_der_waerden(8, 3, 3), "yes/vdw-8-3-3.cnf");
}

TEST_CASE("structured: closed forms of the sizes") {
  for (std::size_t n = 0; n < 7; ++n) {
    check_size(parity(n), parity_size(n));
    check_size(ordering(n), ordering_size(n));
    for (std::size_t a = 0; a < 5; ++a) {
      check_size(pigeonhole(n, a), pigeonhole_size(n, a));
      for (std::size_t b = 1; b < 4; ++b) {
        check_size(ramsey(a + 1, b, n), ramsey_size(a + 1, b, n));
        check_size(van_der_waerden(2 * n, a + 1, b), van_der_waerden_size(2 * n, a + 1, b));
      }
    }
  }
}

TEST_CASE("structured: numbers of models") {
  for (std::size_t p = 0; p < 5; ++p)
    for (std::size_t h = 0; h < 5; ++h) {
      // Pigeons may sit in several holes: each hole has one pigeon or none, and every pigeon a hole. Counted by inclusion and
      // exclusion.
      std::int64_t expected = 0;
      for (std::uint64_t left_out = 0; left_out <= p; ++left_out) {
        std::int64_t term = static_cast<std::int64_t>(factorial(p) / factorial(left_out) / factorial(p - left_out));
        for (std::size_t i = 0; i < h; ++i) term *= static_cast<std::int64_t>(p - left_out + 1);
        expected += left_out % 2 == 0 ? term : -term;
      }
      CHECK(models(pigeonhole(p, h)) == static_cast<std::uint64_t>(expected));
      CHECK((expected > 0) == (p <= h));
      CHECK(pigeonhole(p, h).satisfiable == (p <= h));
    }
  for (const auto& [points, matchings] :
       {std::pair<std::size_t, std::uint64_t>{0, 1}, {1, 0}, {2, 1}, {3, 0}, {4, 3}, {5, 0}, {6, 15}})
    CHECK(models(parity(points)) == matchings);
  CHECK(models(ramsey(3, 3, 5)) == 12);  // the pentagons
  CHECK(models(van_der_waerden(8, 3, 3)) == 6);
  for (std::size_t n = 1; n < 6; ++n) {
    CHECK(models(ordering(n)) == 0);
    StructuredCnf least_allowed = ordering(n);
    least_allowed.cnf.clauses.pop_back();  // the last element may be the least: any order of the others after it
    CHECK(models(least_allowed) == factorial(n - 1));
  }
}

TEST_CASE("structured: stated answers agree with CryptoMiniSat, and each number is the first") {
  const auto check = [](const StructuredCnf& made) {
    CAPTURE(made.reason);
    REQUIRE(made.satisfiable.has_value());
    CHECK(ask_cryptominisat(made.cnf).satisfiable == *made.satisfiable);
  };
  for (const auto& [a, b, number] : {std::array<std::size_t, 3>{1, 4, 4},
                                     {2, 2, 3},
                                     {2, 3, 6},
                                     {2, 4, 7},
                                     {2, 5, 10},
                                     {3, 3, 9},
                                     {3, 4, 18},
                                     {4, 3, 18},
                                     {3, 5, 22},
                                     {3, 6, 32},
                                     {3, 7, 46},
                                     {4, 4, 35}}) {
    check(van_der_waerden(number - 1, a, b));
    check(van_der_waerden(number, a, b));
    CHECK(van_der_waerden(number - 1, a, b).satisfiable == true);
    CHECK(van_der_waerden(number, a, b).satisfiable == false);
  }
  for (const auto& [s, t, number] : {std::array<std::size_t, 3>{1, 5, 1}, {2, 5, 5}, {3, 3, 6}, {3, 4, 9}, {4, 3, 9}}) {
    check(ramsey(s, t, number - 1));
    check(ramsey(s, t, number));
    CHECK(ramsey(s, t, number).satisfiable == false);
  }
  check(ramsey(5, 4, 4));  // fewer vertices than the larger set
  CHECK_FALSE(ramsey(3, 5, 13).satisfiable.has_value());
  CHECK(ramsey(3, 5, 15).satisfiable == false);  // binomial(6, 2)
  CHECK_FALSE(van_der_waerden(54, 4, 5).satisfiable.has_value());
}

TEST_CASE("structured: impossible requests") {
  CHECK_THROWS_AS(ramsey(0, 3, 5), std::invalid_argument);
  CHECK_THROWS_AS(van_der_waerden(5, 0, 3), std::invalid_argument);
  CHECK(test::message_of<std::invalid_argument>([] { ordering(1 << 20); }).find("DIMACS takes at most 2147483647") !=
        std::string::npos);
  CHECK(with_options(test::message_of<std::invalid_argument>([] { pigeonhole(1 << 21, 2); })) ==
        "--pigeons 2097152: give 0 to 1048576");
}
