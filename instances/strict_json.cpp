#include "instances/strict_json.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "instances/errors.hpp"

namespace gapwright {

nlohmann::ordered_json parse_strict_json(const InputBytes& input) {
  constexpr int kDeepest = 32;
  std::vector<std::set<std::string>> keys;
  std::string twice;
  bool deep = false;
  const auto watch = [&](int depth, nlohmann::ordered_json::parse_event_t event, nlohmann::ordered_json& value) {
    using Event = nlohmann::ordered_json::parse_event_t;
    if (depth > kDeepest) deep = true;
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(value.get<std::string>()).second) twice = value.get<std::string>();
    return !deep;
  };
  const std::string_view text = input.text();
  const auto json = nlohmann::ordered_json::parse(text.begin(), text.end(), watch, false);
  if (deep) throw BadInstance(input.name() + ": nested deeper than any file of gapwright");
  if (json.is_discarded()) throw BadInstance(input.name() + ": is not JSON");
  if (!twice.empty()) throw BadInstance(input.name() + ": the key '" + twice.substr(0, 40) + "' stands twice in one object");
  return json;
}

void check_keys(const nlohmann::ordered_json& object, std::initializer_list<const char*> keys, const std::string& place) {
  if (!object.is_object()) throw BadInstance(place + ": must be an object");
  for (const char* key : keys)
    if (*key != '?' && !object.contains(key)) throw BadInstance(place + ": the key '" + key + "' is missing");
  for (const auto& member : object.items()) {
    const std::string& key = member.key();
    if (std::none_of(keys.begin(), keys.end(), [&](const char* known) { return key == (*known == '?' ? known + 1 : known); }))
      throw BadInstance(place + ": unknown key '" + key.substr(0, 40) + "'");
  }
}

std::string string_at(const nlohmann::ordered_json& object, const char* key, const std::string& place) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) throw BadInstance(place + ": '" + key + "' must be a string");
  return found->get<std::string>();
}

std::uint64_t count_at(const nlohmann::ordered_json& value, const std::string& place) {
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() ? value.get<std::uint64_t>() > INT64_MAX : value.get<std::int64_t>() < 0))
    throw BadInstance(place + ": must be a whole number");
  return value.get<std::uint64_t>();
}

}  // namespace gapwright
