// SPDX-License-Identifier: MIT
#include "codes/evaluation_code.hpp"

#include <doctest/doctest.h>

#include "codes/linear_algebra.hpp"
#include "codes/minimum_distance.hpp"
#include "codes/systematic_encoder.hpp"
#include "tests/codes/random.hpp"

using namespace gapwright;

namespace {

std::vector<EvaluationCode> some_codes() {
  return {evaluation_code(projective_line_with_length(13, 11), 3), evaluation_code(hermitian(3), 7),
          evaluation_code(hermitian(4), 16), evaluation_code(garcia_stichtenoth(3, 3), 20),
          evaluation_code(garcia_stichtenoth(2, 5), 8)};
}

}  // namespace

TEST_CASE("evaluation code: the power code contains products of words and not everything") {
  TestRandom random{7};
  for (const EvaluationCode& code : some_codes()) {
    CAPTURE(code.curve->family());
    const EvaluationCode square = power_code(code, 2);
    CHECK(square.degree == 2 * code.degree);
    const SystematicEncoder base(code);
    const SystematicEncoder target(square);
    const SymbolMatrix a = base.encode(random.matrix(10, code.dimension(), code.field().size()));
    const SymbolMatrix b = base.encode(random.matrix(10, code.dimension(), code.field().size()));
    SymbolMatrix product = a;
    for (std::size_t i = 0; i < a.symbols.size(); ++i) product.symbols[i] = code.field().multiply(a.symbols[i], b.symbols[i]);
    for (bool inside : target.contains(product)) CHECK(inside);
    for (std::size_t r = 0; r < product.rows; ++r) product.at(r, r) = code.field().add(product.at(r, r), 1);
    for (bool inside : target.contains(product)) CHECK_FALSE(inside);
  }
}

TEST_CASE("evaluation code: words that vanish on the information set") {
  for (const EvaluationCode& code : some_codes()) {
    CAPTURE(code.curve->family());
    const EvaluationCode square = power_code(code, 2);
    const Subcode legal = vanishing_subcode(square, code.information_set);
    // C(2 m) is onto the information positions of C(m): squares of unit words.
    CHECK(legal.basis.rows == square.dimension() - code.dimension());
    CHECK(legal.pivots.size() == legal.basis.rows);
    for (std::size_t r = 0; r < legal.basis.rows; ++r) {
      for (std::size_t x : code.information_set) REQUIRE(legal.basis.at(r, x) == 0);
      for (std::size_t i = 0; i < legal.pivots.size(); ++i) REQUIRE(legal.basis.at(r, legal.pivots[i]) == (i == r ? 1 : 0));
    }
    for (bool inside : SystematicEncoder(square).contains(legal.basis)) CHECK(inside);
    CHECK(vanishing_subcode(square, {}).basis.rows == square.dimension());
    CHECK(vanishing_subcode(square, square.information_set).basis.rows == 0);
    CHECK(refuses_saying([&] { vanishing_subcode(square, std::vector<std::size_t>{square.length()}); }, "outside the code"));
  }
}

TEST_CASE("evaluation code: the exact distance of small codes is at least the designed one") {
  const std::vector<EvaluationCode> codes{evaluation_code(projective_line_with_length(7, 6), 2),
                                          evaluation_code(hermitian(2), 4),
                                          evaluation_code(hermitian(2), 5),
                                          evaluation_code(hermitian(3), 6),
                                          evaluation_code(garcia_stichtenoth(2, 2), 3),
                                          evaluation_code(garcia_stichtenoth(2, 3), 6),
                                          evaluation_code(garcia_stichtenoth(2, 4), 14),
                                          evaluation_code(garcia_stichtenoth(3, 2), 8),
                                          evaluation_code(garcia_stichtenoth(3, 3), 20),
                                          evaluation_code(garcia_stichtenoth(4, 2), 13)};
  for (const EvaluationCode& code : codes) {
    CAPTURE(code.curve->family());
    CAPTURE(code.degree);
    REQUIRE(code.dimension() >= 2);
    CHECK(minimum_distance(code) >= designed_distance(code));
    CHECK(minimum_distance(code) <= code.length() - code.dimension() + 1);  // Singleton
  }
  CHECK(minimum_distance(codes[0]) == 4);  // Reed-Solomon codes reach the Singleton bound
}

TEST_CASE("evaluation code: minimum distance of a code known otherwise, and its limit") {
  // The rows 1 1 1 and 0 1 2 over F_3: lines of degree <= 1 vanish once, constants never.
  const EvaluationCode line = evaluation_code(projective_line(3), 1);
  CHECK(minimum_distance(line) == 2);
  CHECK(words_to_search(line) == 4);
  const EvaluationCode large = evaluation_code(hermitian(5), 60);
  CHECK(refuses_saying([&] { minimum_distance(large); }, "2^64 or more"));
  CHECK(refuses_saying([&] { minimum_distance(line, 3); }, "4 words: allowed are 3"));
}

TEST_CASE("evaluation code: degrees and sizes that are not possible are refused before building") {
  const CurvePointer curve = hermitian(3);
  CHECK(generator_bytes(*curve, 9) == 7 * 27 * 2);  // 0, 3, 4, 6, 7, 8, 9
  CHECK(refuses_saying([&] { evaluation_code(curve, 27); }, "allowed are degrees 0 to 26"));
  CHECK(refuses_saying([&] { evaluation_code(curve, 9, {}, 755); }, "take 756 bytes"));
  CHECK(evaluation_code(curve, 9, {}, 756).dimension() == 7);
  CHECK(refuses_saying([&] { power_code(evaluation_code(curve, 9), 3); }, "below the length"));
  CHECK(refuses_saying([&] { power_code(evaluation_code(curve, 9), std::size_t{1} << 62); }, "below the length"));
  CHECK(power_code(evaluation_code(curve, 9), 2).degree == 18);
}

TEST_CASE("evaluation code: progress is reported and can stop the work") {
  struct Stop {};
  std::vector<double> seen;
  evaluation_code(hermitian(4), 40, [&](double fraction) { seen.push_back(fraction); });
  REQUIRE_FALSE(seen.empty());
  for (double fraction : seen) CHECK((fraction > 0 && fraction <= 1));
  CHECK_THROWS_AS(evaluation_code(hermitian(4), 40, [](double) { throw Stop{}; }), Stop);
  CHECK_THROWS_AS(garcia_stichtenoth(2, 5, [](double) { throw Stop{}; }), Stop);
}
