// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include "instances/named.hpp"

namespace gapwright::python {

/// Throws std::invalid_argument: "gadget='box': give 'boxes' or 'characters'".
inline void check_word(const std::string& argument, const std::string& word, const std::vector<std::string>& words) {
  if (std::ranges::find(words, word) != words.end()) return;
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i)
    list += (i == 0 ? "'" : i + 1 == words.size() ? " or '" : ", '") + words[i] + "'";
  throw std::invalid_argument(argument + "='" + word + "': give " + list);
}

/// The value that a word of this argument stands for, one of these words of the set E.
template <class E>
E value_of(const std::string& argument, const std::string& word, const std::vector<std::string>& words = names<E>()) {
  check_word(argument, word, words);
  return named<E>(word);
}

}  // namespace gapwright::python
