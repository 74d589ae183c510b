// SPDX-License-Identifier: MIT
#include "codes/code_text.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "codes/families.hpp"
#include "codes/tower_functions.hpp"
#include "tests/codes/random.hpp"

using namespace gapwright;

TEST_CASE("code text: the JSON of a matrix holds everything needed to check it") {
  const EvaluationCode code = evaluation_code(garcia_stichtenoth(3, 3), 22);
  const std::string text = matrix_json(code);
  const auto json = nlohmann::ordered_json::parse(text);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"family", "p", "e", "modulus", "q", "level", "genus", "length", "dimension", "degree",
                                         "designed_distance", "pole_orders", "points", "information_set", "generator"});
  CHECK(json["family"] == "tower");
  CHECK(json["p"] == 3);
  CHECK(json["e"] == 2);
  CHECK(json["modulus"] == std::vector<int>{2, 2, 1});
  CHECK(json["q"] == 3);
  CHECK(json["level"] == 3);
  CHECK(json["genus"] == 16);
  CHECK(json["length"] == 54);
  CHECK(json["dimension"] == 7);
  CHECK(json["degree"] == 22);
  CHECK(json["designed_distance"] == 32);
  CHECK(json["pole_orders"] == std::vector<int>{0, 9, 18, 19, 20, 21, 22});
  REQUIRE(json["points"].size() == 54);
  CHECK(json["points"][5].size() == 3);
  REQUIRE(json["generator"].size() == 7);
  for (std::size_t r = 0; r < 7; ++r) {
    for (std::size_t x = 0; x < 54; ++x) REQUIRE(json["generator"][r][x] == code.generator.at(r, x));
  }
  for (std::size_t x = 0; x < 54; ++x) CHECK(json["generator"][1][x] == json["points"][x][0]);  // pole order 9: x_1
  const auto line = nlohmann::json::parse(matrix_json(evaluation_code(projective_line(5), 1)));
  CHECK(line["level"].is_null());
  CHECK(line["modulus"] == std::vector<int>{0, 1});
}

TEST_CASE("code text: matrices as plain text and back") {
  TestRandom random{9};
  const Field field(25);
  const SymbolMatrix m = random.matrix(4, 6, 25);
  CHECK(parse_rows(matrix_text(m), field, 6) == m);
  CHECK(parse_rows("1 2\r\n\n  3\t24 \n", field, 2).symbols == std::vector<Symbol>{1, 2, 3, 24});
  CHECK(parse_rows("", field, 2).rows == 0);
  CHECK(refuses_saying([&] { parse_rows("1 2\n1 25\n", field, 2); }, "line 2: \"25\" is not an element"));
  CHECK(refuses_saying([&] { parse_rows("1 2\n\n1 2 3\n", field, 2); }, "line 3: 3 symbols, a message of this code has 2"));
  CHECK(refuses_saying([&] { parse_rows("1 x\n", field, 2); }, "integers 0 to 24"));
}

TEST_CASE("code text: a summary predicts what building measures") {
  for (const CurvePointer& curve : {hermitian(3), garcia_stichtenoth(2, 4), projective_line_with_length(11, 9)}) {
    const CodeSummary summary = summary_of(*curve, 8);
    const EvaluationCode code = evaluation_code(curve, 8);
    CHECK(summary.dimension == code.dimension());
    CHECK(summary.designed_distance == designed_distance(code));
    CHECK(summary.generator_bytes == 2 * code.generator.symbols.size());
    CHECK(nlohmann::json::parse(summary_json(summary))["dimension"] == code.dimension());
  }
  CHECK(summary_text(summary_of(*hermitian(5), 32)).find("pole orders        0 5-6 10-12 15-18 20-32\n") != std::string::npos);
  CHECK(summary_text(summary_of(*hermitian(5), 32)).find("modulus w^2 + 4w + 2") != std::string::npos);
  CHECK(summary_text(summary_of({"tower", {3, 4}}, 70)) == summary_text(summary_of(*garcia_stichtenoth(3, 4), 70)));
  CHECK(summary_of({"tower", {5, 6}}, 60000).dimension == 60001 - tower_genus(5, 6));  // not built
  CHECK(summary_text(summary_of({"reed-solomon", {13, 1, 9}}, 4)) ==
        summary_text(summary_of(*projective_line_with_length(13, 9), 4)));
  CHECK(refuses_saying([] { summary_of({"tower", {5, 0}}, 3); }, "allowed are 1 to"));
  CHECK(refuses_saying([] { summary_of({"tower", {3, 2}}, 18); }, "allowed are degrees 0 to 17"));
  CHECK(refuses_saying([] { summary_of(*hermitian(2), 8); }, "allowed are degrees 0 to 7"));
}

TEST_CASE("code text: checks show their numbers and their verdict") {
  const CurvePointer curve = garcia_stichtenoth(3, 4);
  CurveCheck check = check_curve(*curve, 88);
  CHECK(check_text(*curve, check).find("325 of 325 products inside: ok") != std::string::npos);
  CHECK(nlohmann::json::parse(check_json(*curve, check))["passed"] == true);
  check.products_inside = 300;
  CHECK(check_text(*curve, check).find("300 of 325 products inside: FAILED") != std::string::npos);
  CHECK(nlohmann::json::parse(check_json(*curve, check))["passed"] == false);
}

TEST_CASE("families: names lead to curves, and parameters that do not belong are refused") {
  CHECK(curve_of({"reed-solomon", {11, 1, 7}})->length() == 7);
  CHECK(curve_of({"reed-solomon", {11}})->length() == 11);
  CHECK(curve_of({"hermitian", {4}})->length() == 64);
  CHECK(curve_of({"tower", {3, 3}})->level() == 3);
  CHECK(refuses_saying([] { curve_of({"goppa", {3}}); }, "allowed are reed-solomon, hermitian"));
  CHECK(refuses_saying([] { curve_of({"hermitian", {3, 2}}); }, "tower only"));
  CHECK(refuses_saying([] { curve_of({"tower", {3, 2, 9}}); }, "reed-solomon only"));
  for (const CodeFamily& family : code_families()) {
    CHECK(families_text().find(family.name) != std::string::npos);
    CHECK(curve_of({family.name, {4}})->family() == family.name);
  }
  CHECK(nlohmann::json::parse(families_json()).size() == code_families().size());
}
