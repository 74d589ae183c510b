// SPDX-License-Identifier: MIT
// The rule that docs/guide.md writes: the page shows the file that is tested here, and a user's rule composes with ours.
#include "docs/own_rule.hpp"

#include <doctest/doctest.h>

#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/philox.hpp"
#include "tests/conformance.hpp"
#include "tests/support.hpp"
#include "verify/attention_counts.hpp"

namespace gapwright {

std::vector<TwoSetCover::Witness> all_witnesses(const TwoSetCover& s) {
  auto pairs = conformance::all_tuples({s.first.rows, s.second.rows});
  std::erase_if(pairs, [&](const auto& pair) { return !accepts(s, pair); });
  return pairs;
}

}  // namespace gapwright

using namespace gapwright;

namespace {

TwoSetCover random_cover(std::uint64_t seed) {
  Random random(31, seed);
  const std::size_t universe = 3 + random.below(5), first = 1 + random.below(5), second = 1 + random.below(5);
  TwoSetCover s{BitMatrix(first, universe), BitMatrix(second, universe)};
  for (BitMatrix* family : {&s.first, &s.second})
    for (std::size_t r = 0; r < family->rows; ++r)
      for (std::size_t c = 0; c < universe; ++c) family->set(r, c, random.bit());
  return s;
}

/// The mistake one would make: the sets themselves.
struct WithoutComplement : TwoSetCoverToOrthogonalVectors {
  explicit WithoutComplement(const TwoSetCover& s) : TwoSetCoverToOrthogonalVectors(s), cover(s) {}
  OrthogonalVectors target(const mpz_class&) const { return {cover.first.columns, {cover.first, cover.second}, {}}; }
  const TwoSetCover& cover;
};

}  // namespace

TEST_CASE("guide: the reader's rule passes all oracles, and without the complement it does not") {
  std::size_t yes = 0, caught = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const TwoSetCover s = random_cover(seed);
    CAPTURE(seed);
    CHECK(conformance::broken_oracles(TwoSetCoverToOrthogonalVectors(s), s, true).empty());
    caught += !conformance::broken_oracles(WithoutComplement(s), s, true).empty();
    yes += !all_witnesses(s).empty();
  }
  CHECK(yes > 10);
  CHECK(yes < 50);
  CHECK(caught > 30);
}

TEST_CASE("guide: the reader's rule followed by ours is decided by attention of order 2") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const TwoSetCover s = random_cover(seed);
    const TwoSetCoverToOrthogonalVectors first(s);
    const OrthogonalVectors vectors = first.target(0);
    const OrthogonalVectorsToAttention second(vectors);
    const Verdict verdict = decide_by_counts(second.target(0), CountMethod::verdict);
    CHECK((verdict.answer == Answer::yes) == !all_witnesses(s).empty());
    if (verdict.witness) CHECK(accepts(s, first.pull(0, second.pull(0, *verdict.witness))));
  }
}

TEST_CASE("guide: the page shows the tested file, word for word") {
  const std::string docs = std::string(GAPWRIGHT_TEST_DATA) + "/../../docs/";
  const std::string page = test::read_text(docs + "guide.md");
  CHECK(page.find("```cpp\n" + test::read_text(docs + "own_rule.hpp") + "```\n") != std::string::npos);
}
