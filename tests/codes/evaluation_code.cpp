// SPDX-License-Identifier: MIT
#include "codes/evaluation_code.hpp"

#include <doctest/doctest.h>

#include "codes/curve_check.hpp"
#include "codes/minimum_distance.hpp"
#include "codes/multiply.hpp"
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
  // 378 of the generator; elimination: 7 rows of the basis, 4 times 7 of a panel, 7 of a product, and twice 7 x 7 on the leads
  CHECK(evaluation_bytes(*curve, 9) == 378 + (7 * (7 + 28 + 7) + 7 * 14) * 2);
  CHECK(refuses_saying([&] { evaluation_code(curve, 9, {}, 1161); }, "take 1162 bytes"));
  CHECK(evaluation_code(curve, 9, {}, 1162).dimension() == 7);
  CHECK(refuses_saying([&] { evaluation_code(curve, 26, {}, 400); }, "the pole orders up to 26 take 459 bytes"));
  CHECK(refuses_saying([&] { require_encoder(*curve, 27, UINT64_MAX); }, "allowed are degrees 0 to 26"));
  const std::uint64_t encoder = encoder_bytes(*curve, 9);
  CHECK(encoder > 1162);
  CHECK(refuses_saying([&] { require_encoder(*curve, 9, encoder - 1); },
                       "its systematic form take " + std::to_string(encoder) + " bytes"));
  CHECK_NOTHROW(require_encoder(*curve, 9, encoder));
  CHECK(refuses_saying([&] { power_code(evaluation_code(curve, 9), 3); }, "below the length"));
  CHECK(refuses_saying([&] { power_code(evaluation_code(curve, 9), std::size_t{1} << 62); }, "below the length"));
  CHECK(power_code(evaluation_code(curve, 9), 2).degree == 18);
}

TEST_CASE("evaluation code: progress is reported and can stop the work") {
  struct Stop {};
  std::vector<double> seen;
  evaluation_code(hermitian(4), 40, [&](double fraction) { seen.push_back(fraction); });
  check_fractions(seen, 40);
  CHECK_THROWS_AS(evaluation_code(hermitian(4), 40, [](double) { throw Stop{}; }), Stop);
  CHECK_THROWS_AS(garcia_stichtenoth(2, 5, [](double) { throw Stop{}; }), Stop);
}

#ifdef __OPTIMIZE__  // what takes moments there takes seconds in the sanitized build
TEST_CASE("codes: no step is silent for long") {
  constexpr double most = 0.4;  // seconds of one processor; whole steps take longer
  const CurvePointer line = projective_line_with_length(65521, 60000);
  CHECK(longest_silence([&](const Progress& p) { line->basis_at_points(199, p); }) < most);
  const CurvePointer curve = hermitian(16);
  CHECK(longest_silence([&](const Progress& p) { curve->basis_at_points(1200, p); }) < most);
  CHECK(longest_silence([&](const Progress& p) { garcia_stichtenoth(5, 4, p)->basis_at_points(500, p); }) < most);
  CHECK(longest_silence([&](const Progress& p) { check_curve(*curve, 300, 3000, p); }) < most);
  const EvaluationCode code = evaluation_code(projective_line(1021), 400);
  CHECK(longest_silence([&](const Progress& p) { SystematicEncoder(code, p); }) < most);
  const SystematicEncoder encoder(code);
  SymbolMatrix messages(3000, code.dimension());
  for (std::size_t i = 0; i < messages.symbols.size(); ++i) messages.symbols[i] = static_cast<Symbol>(i % 1021);
  SymbolMatrix words;
  CHECK(longest_silence([&](const Progress& p) { words = encoder.encode(messages, p); }) < most);
  CHECK(longest_silence([&](const Progress& p) { CHECK(encoder.unencode(words, p) == messages); }) < most);
}
#endif

TEST_CASE("codes: every step tells what is done of it") {
  std::vector<double> seen;
  const auto told = [&](const auto& work, std::size_t least) {
    seen.clear();
    work([&](double fraction) { seen.push_back(fraction); });
    check_fractions(seen, least);
  };
  const CurvePointer curve = hermitian(5);
  const EvaluationCode code = evaluation_code(curve, 60);
  const SystematicEncoder encoder(code);
  const SymbolMatrix messages(1500, code.dimension()), words(1500, code.length());
  told([&](const Progress& p) { curve->basis_at_points(60, p); }, code.dimension());
  told([&](const Progress& p) { projective_line(31)->basis_at_points(20, p); }, 21);
  told([&](const Progress& p) { garcia_stichtenoth(3, 3)->basis_at_points(30, p); }, 16);
  told([&](const Progress& p) { garcia_stichtenoth(3, 4, p); }, 100);
  told([&](const Progress& p) { SystematicEncoder(code, p); }, 60);
  told([&](const Progress& p) { encoder.encode(messages, p); }, 4);
  told([&](const Progress& p) { encoder.unencode(words, p); }, 6);
  told([&](const Progress& p) { check_curve(*curve, 50, 20000, p); }, 300);
  told([&](const Progress& p) { vanishing_subcode(code, std::vector<std::size_t>{1, 2}, p); }, 60);
  told([&](const Progress& p) { multiply(curve->field(), messages, code.generator, p); }, 4);
}
