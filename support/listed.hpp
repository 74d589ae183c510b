// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

namespace gapwright {

/// "sharp, paper and direct": words with `last` before the last one, each between quotes if asked for.
inline std::string listed(const std::vector<std::string>& words, const std::string& last, const std::string& quote = "") {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && i + 1 == words.size())
      text.append(" ").append(last).append(" ");
    else if (i > 0)
      text.append(", ");
    text.append(quote).append(words[i]).append(quote);
  }
  return text;
}

}  // namespace gapwright
