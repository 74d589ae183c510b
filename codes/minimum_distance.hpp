// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "codes/evaluation_code.hpp"

namespace gapwright {

/// The number of words that minimum_distance looks at, (Q^K - 1) / (Q - 1), or 2^64 - 1 if that is larger.
std::uint64_t words_to_search(const EvaluationCode& code);

/// The exact minimum distance, by looking at one word of every line. Throws std::invalid_argument when there are more
/// than `most_words` of them, naming their number.
std::size_t minimum_distance(const EvaluationCode& code, std::uint64_t most_words = 100'000'000, const Progress& progress = {});

}  // namespace gapwright
