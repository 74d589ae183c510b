// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/listed.hpp"
#include "support/named.hpp"

namespace gapwright::python {

/// Throws std::invalid_argument: "gadget='box': give 'boxes' or 'characters'".
inline void check_word(const std::string& argument, const std::string& word, const std::vector<std::string>& words) {
  if (std::ranges::find(words, word) != words.end()) return;
  throw std::invalid_argument(argument + "='" + word + "': give " + listed(words, "or", "'"));
}

/// The value that a word of this argument stands for, one of these words of the set E.
template <class E>
E value_of(const std::string& argument, const std::string& word, const std::vector<std::string>& words = names<E>()) {
  check_word(argument, word, words);
  return named<E>(word);
}

}  // namespace gapwright::python
