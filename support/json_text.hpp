// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>
#include <string>

namespace gapwright {

/// With a line end; bytes that are no UTF-8, as in names of files and in what other programs say, become U+FFFD.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace gapwright
