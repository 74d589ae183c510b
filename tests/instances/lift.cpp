// SPDX-License-Identifier: MIT
#include "instances/lift.hpp"

#include <doctest/doctest.h>

#include "instances/files/lift_file.hpp"
#include "support/errors.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

const LiftTable kTable{"attention",
                       "cnf",
                       {{"a", LiftStep::Kind::rows, {7, 4}, {5, 4}, {}, {}},
                        {"b", LiftStep::Kind::bits, {}, {}, {{1, 4, 2}, {3, 5}}, {}},
                        {"c", LiftStep::Kind::literals, {}, {}, {}, {3, -1, 2, 5, -4}}}};

InputBytes named(const std::string& text) { return InputBytes::from(text, "lift.json"); }

}  // namespace

TEST_CASE("lift: every step as documented") {
  // rows: 6 mod 5 = 1, 2. bits: 1 = 100 over (1, 4, 2), 2 = 01 over (3, 5): 1 true, 4 and 2 false, 3 false, 5 true. literals:
  // v1 = x3, v2 = -x1, ...
  CHECK(lift(kTable, {6, 2}) == WitnessNumbers{-1, -2, -3, 4, 5});
  CHECK(lift({"cnf", "cnf", {}}, {1, -2}) == WitnessNumbers{1, -2});
}

TEST_CASE("lift: rows that do not begin at 0") {
  const LiftTable table{
      "attention", "orthogonal-vectors", {{"causal", LiftStep::Kind::rows, {9, 3}, {4, 3}, {}, {}, {0, 1}, {2, 2}}}};
  CHECK(read_lift(named(lift_json(table))) == table);
  CHECK(lift(table, {5, 1}) == WitnessNumbers{3, 0});
  CHECK(lift(table, {8, 3}) == WitnessNumbers{2, 2});
  for (const WitnessNumbers& bad : {WitnessNumbers{9, 1}, {0, 0}, {0, 4}})
    CHECK_THROWS_AS(lift(table, bad), std::invalid_argument);
  std::string text = lift_json(table);
  text.replace(text.find("\"first\":[0,1]"), 13, "\"first\":[0]");
  CHECK(test::message_of<BadInstance>([&] { read_lift(named(text)); }).find("as long as 'rows'") != std::string::npos);
}

TEST_CASE("lift: what does not fit is refused with the number") {
  const auto error = [](const WitnessNumbers& witness) {
    return test::message_of<std::invalid_argument>([&] { lift(kTable, witness); });
  };
  CHECK(error({6}) == "the witness has 1 numbers; expected are 2 indices");
  CHECK(error({7, 0}) == "the witness has index 7 at position 0; only 0 to 6 stand for vectors");
  CHECK(error({0, -1}) == "the witness has index -1 at position 1; only 0 to 3 stand for vectors");
  CHECK(test::message_of<std::invalid_argument>([] {
          assignment_of({1, 3});
        }) == "literal 2 of the assignment is 3; it must be 2 or -2");
  CHECK(literals_of({true, false}) == WitnessNumbers{1, -2});
  CHECK(assignment_of({-1, 2}) == std::vector<bool>{false, true});
}

TEST_CASE("lift: written tables are read back, and nothing else is") {
  const std::string text = lift_json(kTable);
  CHECK(read_lift(named(text)) == kTable);
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const std::size_t place = changed.find(from);
    REQUIRE(place != std::string::npos);
    changed.replace(place, from.size(), to);
    return test::message_of<BadInstance>([&] { read_lift(named(changed)); });
  };
  CHECK(refused("gapwright-lift-1", "gapwright-lift-2").find("is no lift table") != std::string::npos);
  CHECK(refused("\"from\"", "\"form\"").find("the key 'from' is missing") != std::string::npos);
  CHECK(refused("\"from\": \"attention\"", "\"from\": \"attention\", \"from\": \"cnf\"").find("the key 'from' stands twice") !=
        std::string::npos);
  CHECK(refused("\"to\"", "\"more\": 1, \"to\"").find("unknown key 'more'") != std::string::npos);
  CHECK(refused("[5,4]", "[5,0]").find("a size is 0") != std::string::npos);
  CHECK(refused("[5,4]", "[5]").find("equally long") != std::string::npos);
  CHECK(refused("[5,4]", "[5,-4]").find("whole number") != std::string::npos);
  CHECK(refused("[5,4]", "[5,4.5]").find("whole number") != std::string::npos);
  CHECK(refused("[5,4]", "\"5\"").find("must be an array") != std::string::npos);
  CHECK(refused("[1,4,2]", "[1,4,4]").find("exactly once") != std::string::npos);
  CHECK(refused("[1,4,2]", "[1,4,6]").find("exactly once") != std::string::npos);
  CHECK(refused("[1,4,2]", "[0,4,2]").find("a variable is 1") != std::string::npos);
  CHECK(refused("[3,-1,2,5,-4]", "[3,-1,1,5,-4]").find("exactly once") != std::string::npos);
  CHECK(refused("[3,-1,2,5,-4]", "[3,-1,-2147483648,5,-4]").find("32 bits") != std::string::npos);
  CHECK(refused("\"bits\"", "\"bytes\"").find("unknown kind 'bytes'") != std::string::npos);
  CHECK(test::message_of<BadInstance>([] { read_lift(named("{")); }) == "lift.json: is not JSON");
  CHECK(test::message_of<BadInstance>([] {
          read_lift(named(std::string(100, '[') + std::string(100, ']')));
        }).find("nested deeper") != std::string::npos);
}

TEST_CASE("lift: result files") {
  CHECK(read_result(named("[1, 2, -3]")).witness == WitnessNumbers{1, 2, -3});
  CHECK(read_result(named("{\"verdict\": \"yes\", \"witness\": [4, 5]}")).witness == WitnessNumbers{4, 5});
  CHECK(test::message_of<BadInstance>([] { read_result(named("{\"witness\": null}")); }).find("holds no \"witness\"") !=
        std::string::npos);
  CHECK(read_result(named("{\"witness\": null, \"row\": 3}")).row == 3U);
  CHECK_FALSE(read_result(named("{\"witness\": [1], \"row\": 3}")).row.has_value());
  CHECK(test::message_of<BadInstance>([] { read_result(named("{\"row\": -3}")); }).find("whole number") != std::string::npos);
  CHECK(test::message_of<BadInstance>([] { read_result(named("7")); }).find("must be an array") != std::string::npos);
  CHECK(test::message_of<BadInstance>([] { read_result(named("[1, 2.5]")); }) ==
        "lift.json: number 1 of the witness is no integer");
  CHECK(test::message_of<BadInstance>([] { read_result(named("[18446744073709551615]")); }).find("is no integer") !=
        std::string::npos);
}
