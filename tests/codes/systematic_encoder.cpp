// SPDX-License-Identifier: MIT
#include "codes/systematic_encoder.hpp"

#include <doctest/doctest.h>

#include "codes/linear_algebra.hpp"
#include "tests/codes/random.hpp"

using namespace gapwright;

TEST_CASE("systematic encoder: the example over F_5") {
  const SystematicEncoder encoder(evaluation_code(projective_line(5), 1));
  SymbolMatrix message(1, 2);
  message.symbols = {1, 3};
  CHECK(encoder.encode(message).symbols == std::vector<Symbol>{1, 3, 0, 2, 4});
}

TEST_CASE("systematic encoder: encode, unencode, membership and syndromes agree") {
  TestRandom random{8};
  for (const EvaluationCode& code : {evaluation_code(hermitian(4), 23), evaluation_code(garcia_stichtenoth(5, 2), 31),
                                     evaluation_code(projective_line_with_length(31, 29), 6)}) {
    CAPTURE(code.curve->family());
    const Field& field = code.field();
    const SystematicEncoder encoder(code);
    const SymbolMatrix messages = random.matrix(20, code.dimension(), field.size());
    const SymbolMatrix words = encoder.encode(messages);
    CHECK(columns_of(words, code.information_set) == messages);
    CHECK(encoder.unencode(words) == messages);
    // Words are combinations of the rows as evaluated: the rank does not grow.
    SymbolMatrix both(code.dimension() + words.rows, code.length());
    std::copy(code.generator.symbols.begin(), code.generator.symbols.end(), both.symbols.begin());
    std::copy(words.symbols.begin(), words.symbols.end(),
              both.symbols.begin() + static_cast<std::ptrdiff_t>(code.generator.symbols.size()));
    CHECK(reduced_basis(field, both, both.columns).leads.size() == code.dimension());

    const SymbolMatrix check = encoder.parity_check();
    CHECK(independent_columns(field, check).size() == code.length() - code.dimension());
    SymbolMatrix received = words;
    for (std::size_t r = 1; r < received.rows; ++r) {
      Symbol& s = received.at(r, r);
      s = field.add(s, static_cast<Symbol>(1 + random.below(field.size() - 1)));
    }
    const SymbolMatrix syndromes = encoder.syndromes(received);
    const std::vector<bool> inside = encoder.contains(received);
    for (std::size_t r = 0; r < received.rows; ++r) {
      CHECK(inside[r] == (r == 0));
      for (std::size_t i = 0; i < check.rows; ++i) {
        Symbol sum = 0;
        for (std::size_t x = 0; x < code.length(); ++x) sum = field.add(sum, field.multiply(check.at(i, x), received.at(r, x)));
        REQUIRE(sum == syndromes.at(r, i));
      }
    }
    CHECK(refuses_saying([&] { encoder.unencode(received); }, "row 1 is not a word"));
  }
}

TEST_CASE("systematic encoder: messages of the wrong length or outside the field are refused") {
  const SystematicEncoder encoder(evaluation_code(hermitian(2), 4));
  CHECK(refuses_saying([&] { encoder.encode(SymbolMatrix(1, 5)); }, "message of this code has 4 symbols, not 5"));
  CHECK(refuses_saying([&] { encoder.contains(SymbolMatrix(1, 4)); }, "word of this code has 8 symbols, not 4"));
  SymbolMatrix message(2, 4);
  message.at(1, 2) = 4;
  CHECK(refuses_saying([&] { encoder.encode(message); }, "symbol 4 in row 1 is outside the field: allowed are 0 to 3"));
}
