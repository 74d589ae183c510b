// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "support/named.hpp"

// The closed sets whose words stand in files.
namespace gapwright {

/// How vectors become attention. direct: k-OV, no code. sharp (ours): Gap-k-MaxIP with one pad per key matrix, as heavy as one tuple at the
/// threshold. paper: as many pads as keys [AS24, AS23].
enum class Embedding { direct, sharp, paper };
template <>
struct Names<Embedding> {
  static constexpr std::string_view what = "embedding";
  static constexpr std::array all{Named<Embedding>{Embedding::sharp, "sharp"}, Named<Embedding>{Embedding::paper, "paper"},
                                  Named<Embedding>{Embedding::direct, "direct"}};
};

/// Behind an embedding's word where the keys are B and -B (order 2).
inline constexpr std::string_view kCentred = "-centred";
inline std::string embedding_text(Embedding embedding, bool centred) {
  return std::string(word_of(embedding)) + (centred ? std::string(kCentred) : "");
}

/// What the vectors of a Gap-k-MaxIP instance are: 0/1 vectors with every coordinate, without those that are always 0, the field symbols
/// themselves, or real vectors.
enum class Form { full, pruned, factored, characters };
template <>
struct Names<Form> {
  static constexpr std::string_view what = "form";
  static constexpr std::array all{Named<Form>{Form::full, "explicit"}, Named<Form>{Form::pruned, "pruned"},
                                  Named<Form>{Form::factored, "factored"}, Named<Form>{Form::characters, "characters"}};
};

/// How field symbols become vectors: 0/1 boxes, or real characters.
enum class Gadget { boxes, characters };
template <>
struct Names<Gadget> {
  static constexpr std::string_view what = "gadget";
  static constexpr std::array all{Named<Gadget>{Gadget::boxes, "boxes"}, Named<Gadget>{Gadget::characters, "characters"}};
};

}  // namespace gapwright
