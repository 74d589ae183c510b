// SPDX-License-Identifier: MIT
// Exact minimum distance of small codes.
//
// Built: every word that is not 0 is a multiple of exactly one whose first non-zero coefficient is 1; those are
// enumerated depth first, one row addition for each, so the cost is L (Q^K - 1)/(Q - 1) additions. Weight is the
// number of non-zero symbols.
// Example (a test repeats it): the Hermitian code q = 2 of degree 4 has distance 4, its designed distance.
#include "codes/minimum_distance.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace gapwright {

std::uint64_t words_to_search(const EvaluationCode& code) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t lines = 0;  // 1 + Q + ... + Q^{K-1}
  for (std::size_t k = 0; k < code.dimension(); ++k) {
    if (lines > (most - 1) / code.field().size()) return most;
    lines = lines * code.field().size() + 1;
  }
  return lines;
}

std::size_t minimum_distance(const EvaluationCode& code, std::uint64_t most_words, const Progress& progress) {
  const std::uint64_t words = words_to_search(code);
  if (words > most_words) {
    throw std::invalid_argument("the minimum distance of this code takes a search of " +
                                (words == std::numeric_limits<std::uint64_t>::max() ? "2^64 or more" : std::to_string(words)) +
                                " words: allowed are " + std::to_string(most_words));
  }
  const Field& field = code.field();
  const std::size_t length = code.length();
  std::vector<std::vector<Symbol>> sum(code.dimension() + 1,
                                       std::vector<Symbol>(length));  // [k]: rows below k are decided
  std::size_t least = length;
  std::uint64_t seen = 0;
  const auto extend = [&](const auto& self, std::size_t k) -> void {
    if (k == code.dimension()) {
      least = std::min(least, length - static_cast<std::size_t>(std::ranges::count(sum[k], Symbol{0})));
      if (progress && ++seen % 65536 == 0) progress(static_cast<double>(seen) / static_cast<double>(words));
      return;
    }
    for (std::uint32_t c = 0; c < field.size(); ++c) {
      sum[k + 1] = sum[k];
      field.add_multiple(sum[k + 1], static_cast<Symbol>(c), code.generator.row(k));
      self(self, k + 1);
    }
  };
  for (std::size_t first = 0; first < code.dimension(); ++first) {
    std::ranges::copy(code.generator.row(first), sum[first + 1].begin());
    extend(extend, first + 1);
  }
  return least;
}

}  // namespace gapwright
