// SPDX-License-Identifier: MIT
#include "instances/vocabulary.hpp"

#include <doctest/doctest.h>

#include "instances/files/instance_files.hpp"
#include "instances/files/narrow.hpp"
#include "instances/generators/random_ksat.hpp"
#include "instances/generators/random_vectors.hpp"
#include "tests/support.hpp"

namespace gapwright {
namespace {

template <class E>
void check_round_trip(const std::vector<std::string>& words) {
  CHECK(names<E>() == words);
  for (const std::string& word : words) CHECK(word_of(named<E>(word)) == word);
}

}  // namespace

TEST_CASE("vocabulary: every word names its value and back, as files spell it") {
  check_round_trip<Embedding>({"sharp", "paper", "direct"});
  check_round_trip<Form>({"explicit", "pruned", "factored", "characters"});
  check_round_trip<Gadget>({"boxes", "characters"});
  check_round_trip<FileKind>({"cnf", "orthogonal-vectors", "gap-max-ip", "attention"});
  check_round_trip<Dtype>({"f64", "f32", "f16", "bf16"});
  check_round_trip<Planting>({"camouflaged", "plain"});
  check_round_trip<KsatPlanting>({"uniform", "quiet"});
  CHECK(embedding_text(Embedding::direct, true) == "direct-centred");
  CHECK(embedding_text(Embedding::paper, false) == "paper");
}

TEST_CASE("vocabulary: a value that has no word is a fault of ours") { CHECK_THROWS_AS(word_of(Dtype::u8), std::logic_error); }

}  // namespace gapwright
