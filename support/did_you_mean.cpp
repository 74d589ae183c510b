// SPDX-License-Identifier: MIT
#include "support/did_you_mean.hpp"

#include <algorithm>

namespace gapwright {
namespace {

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(const std::string& word, const std::vector<std::string>& names) {
  if (word.empty()) return "";
  std::string best;
  std::size_t distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& name : names) {
    if (std::max(word.size(), name.size()) - std::min(word.size(), name.size()) >= distance)
      continue;  // and a word of a million letters costs nothing
    if (const std::size_t d = edit_distance(word, name); d < distance) {
      distance = d;
      best = name;
    }
  }
  return best.empty() ? "" : "; did you mean '" + best + "'?";
}

}  // namespace gapwright
