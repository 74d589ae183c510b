// SPDX-License-Identifier: MIT
#include "instances/cnf.hpp"

#include <doctest/doctest.h>

#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;

TEST_CASE("cnf: accepts and violated_clauses by the definition") {
  const Cnf cnf{3, {{1, -2}, {2, 3}, {-1, -3}, {1, -1}}, {}};
  for (unsigned bits = 0; bits < 8; ++bits) {
    const bool x1 = bits & 1, x2 = bits & 2, x3 = bits & 4;
    const std::size_t violated = std::size_t(!(x1 || !x2)) + !(x2 || x3) + !(!x1 || !x3);
    CHECK(violated_clauses(cnf, {x1, x2, x3}) == violated);
    CHECK(accepts(cnf, {x1, x2, x3}) == (violated == 0));
  }
}

TEST_CASE("cnf: nonsense is not accepted, and never read out of range") {
  const Cnf cnf{2, {{1, 2}}, {}};
  CHECK_FALSE(accepts(cnf, {}));
  CHECK_FALSE(accepts(cnf, {true}));
  CHECK_FALSE(accepts(cnf, {true, true, true}));
  CHECK(accepts({0, {}, {}}, {}));
  CHECK_FALSE(accepts({0, {{}}, {}}, {}));
}

TEST_CASE("cnf: check_well_formed names the clause") {
  const auto error = [](std::int32_t literal) {
    return test::message_of<BadInstance>([&] { check_well_formed({3, {{1, -3}, {2, literal}}, {}}); });
  };
  CHECK(error(3) == "nothing was thrown");
  CHECK(error(4) == "clause 2: literal 4 is not among the 3 variables");
  CHECK(error(-4) == "clause 2: literal -4 is not among the 3 variables");
  CHECK(error(0) == "clause 2: literal 0 is not among the 3 variables");
  CHECK(error(INT32_MIN) == "clause 2: literal -2147483648 is not among the 3 variables");
}
