// SPDX-License-Identifier: MIT
// In: the word that --advice, or a keyword, was given. Out: what it asks for, or the one refusal of both faces.
#include "atlas/advice.hpp"

#include <stdexcept>

namespace gapwright {
namespace {

constexpr std::string_view kSampleOf = "sample:";
constexpr std::size_t kMostDigits = 6;  ///< of the number of a sample

bool is_number(const std::string& text) { return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos; }

}  // namespace

AskedAdvice advice_named(const std::string& word, const std::string& field) {
  if (const auto kind = find_named<AdviceKind>(word)) return {*kind, *kind == AdviceKind::sample ? kUsualSample : 0U};
  if (is_number(word)) return {AdviceKind::message, mpz_class(word, 10)};
  if (!word.starts_with(kSampleOf))
    throw std::invalid_argument("`" + field + "` '" + word.substr(0, 40) + "': give " + advice_words() +
                                did_you_mean(word.substr(0, 40), names<AdviceKind>()));
  const std::string number = word.substr(kSampleOf.size());
  if (!is_number(number) || number.size() > kMostDigits)
    throw std::invalid_argument("`" + field + "=sample:N` needs a number N up to 999999");
  return {AdviceKind::sample, mpz_class(number, 10)};
}

std::string advice_text(const AskedAdvice& advice) {
  switch (advice.kind) {
    case AdviceKind::honest:
    case AdviceKind::best:
    case AdviceKind::all:
      return std::string(word_of(advice.kind));
    case AdviceKind::sample:
      return std::string(kSampleOf) + advice.number.get_str();
    case AdviceKind::message:
      return advice.number.get_str();
  }
  throw std::logic_error("advice without a word");
}

std::string advice_words() { return "honest, best, all, sample:N or the index of a message"; }

}  // namespace gapwright
