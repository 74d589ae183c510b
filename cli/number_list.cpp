// SPDX-License-Identifier: MIT
#include "cli/number_list.hpp"

#include <charconv>
#include <limits>
#include <stdexcept>

#include "support/decimal.hpp"

namespace gapwright::cli {
namespace {

template <class Number>
Number number(const std::string& option, const std::string& word, const char* kind) {
  Number value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size())
    throw std::invalid_argument(option + ": '" + word + "' is not " + kind);
  return value;
}

}  // namespace

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    if (end > begin) result.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return result;
}

std::vector<std::size_t> whole_numbers(const std::string& option, const std::string& text) {
  std::vector<std::size_t> result;
  for (const std::string& word : words(text)) {
    const std::size_t dots = word.find("..");
    const auto one = [&](const std::string& w) {
      return number<std::size_t>(option, w, "a whole number, nor a range such as 16..256");
    };
    if (dots == std::string::npos) {
      result.push_back(one(word));
      continue;
    }
    const std::size_t last = one(word.substr(dots + 2));
    for (std::size_t n = one(word.substr(0, dots)); n > 0 && n <= last; n *= 2) {
      result.push_back(n);
      if (n > std::numeric_limits<std::size_t>::max() / 2) break;
    }
  }
  return result;
}

std::vector<double> decimals(const std::string& option, const std::string& text) {
  std::vector<double> result;
  for (const std::string& word : words(text)) result.push_back(number<double>(option, word, "a number"));
  return result;
}

mpq_class fraction(const std::string& option, const std::string& text) {
  const std::size_t slash = text.find('/');
  try {
    if (slash == std::string::npos) return parse_decimal(text);
    const mpq_class above = parse_decimal(text.substr(0, slash)), below = parse_decimal(text.substr(slash + 1));
    if (below != 0) return above / below;
  } catch (const std::invalid_argument&) {
  }
  throw std::invalid_argument(option + " '" + text + "' is not a number; write 1/10 or 0.1");
}

}  // namespace gapwright::cli
