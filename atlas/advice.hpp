// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>
#include <string>

#include "support/named.hpp"

// Which of Merlin's messages are asked for, in one word for both faces and for files.
namespace gapwright {

/// honest: that of an orthogonal tuple. best: the reply to the tuple with the fewest common ones. all: every one. sample: the best reply and some
/// at random. message: the one of this index.
enum class AdviceKind { honest, best, all, sample, message };
template <>
struct Names<AdviceKind> {  // an index is its own word
  static constexpr std::string_view what = "advice";
  static constexpr std::array all{Named<AdviceKind>{AdviceKind::honest, "honest"}, Named<AdviceKind>{AdviceKind::best, "best"},
                                  Named<AdviceKind>{AdviceKind::all, "all"}, Named<AdviceKind>{AdviceKind::sample, "sample"}};
};

struct AskedAdvice {
  AdviceKind kind = AdviceKind::honest;
  mpz_class number = 0;  ///< sample: of random messages; message: its index
};

/// How many random messages are drawn where no number is said.
inline constexpr unsigned kUsualSample = 16;

/// honest, best, all, sample:N, sample (sample:16), or the index of a message. Throws std::invalid_argument for other words, which names the field
/// that holds the word.
AskedAdvice advice_named(const std::string& word, const std::string& field = "advice");
/// The word again.
std::string advice_text(const AskedAdvice& advice);

/// "honest, best, all, sample:N or the index of a message".
std::string advice_words();

}  // namespace gapwright
