// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "support/files.hpp"

// JSON files whose every key is known. Errors are BadInstance and name the file and the key.
namespace gapwright {

/// What is wrong with a JSON text before it is built: "" when it is one value of at most `deepest` levels, whose objects have at most `most_keys`
/// keys each and none twice (readers resolve that in different ways). Time n log n.
std::string json_fault(std::string_view text, std::size_t deepest, std::size_t most_keys);

/// The JSON value of a file; throws for text that is no JSON, for double keys, and for nesting deeper than 32.
nlohmann::ordered_json parse_strict_json(const InputBytes& input);

/// A JSON object whose keys are exactly these (in any order; those after '?' may be missing: "?seed").
void check_keys(const nlohmann::ordered_json& object, std::initializer_list<const char*> keys, const std::string& place);

const nlohmann::ordered_json& array_at(const nlohmann::ordered_json& object, const char* key, std::string_view place);
std::string string_at(const nlohmann::ordered_json& object, const char* key, const std::string& place);
/// An integer in 0 .. 2^63 - 1.
std::uint64_t count_at(const nlohmann::ordered_json& value, const std::string& place);

}  // namespace gapwright
