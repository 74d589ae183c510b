// SPDX-License-Identifier: MIT
#include "support/said_json.hpp"

#include <algorithm>
#include <array>

namespace gapwright {
namespace {

constexpr std::array<std::string_view, 3> kMessages{"reason", "corrupts", "impossible"};

}  // namespace

nlohmann::ordered_json said_json(nlohmann::ordered_json answer, std::string (*say)(std::string_view)) {
  if (!answer.is_structured()) return answer;
  for (auto& [key, value] : answer.items()) {
    const bool message = answer.is_object() && value.is_string() && std::ranges::find(kMessages, key) != kMessages.end();
    value = message ? nlohmann::ordered_json(say(value.get<std::string>())) : said_json(std::move(value), say);
  }
  return answer;
}

}  // namespace gapwright
