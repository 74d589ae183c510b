// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace gapwright {

/// An answer in the words of a face (with_options or with_keywords of support/fields_in_message): what its messages, under "reason", "corrupts"
/// and "impossible", name in backticks.
nlohmann::ordered_json said_json(nlohmann::ordered_json answer, std::string (*say)(std::string_view));

}  // namespace gapwright
