// SPDX-License-Identifier: MIT
#include "support/strict_json.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "support/errors.hpp"

namespace gapwright {

namespace {

/// Looks at the events of the parser and builds nothing: the parser that builds and calls back takes quadratic time over the members of an object.
class Watch : public nlohmann::json_sax<nlohmann::json> {
 public:
  Watch(std::size_t deepest, std::size_t most_keys) : deepest_(deepest), most_keys_(most_keys) {}
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(std::size_t) override { return start(); }
  bool start_array(std::size_t) override { return start(); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }
  bool key(string_t& name) override {
    if (keys_.back().size() == most_keys_) return fail("more keys in one object than in any file of gapwright");
    if (!keys_.back().insert(name).second) return fail("the key '" + name.substr(0, 40) + "' stands twice in one object");
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return fail("is not JSON"); }

  std::string fault;

 private:
  bool fail(const std::string& why) {
    fault = why;
    return false;
  }
  bool start() {
    if (keys_.size() == deepest_) return fail("nested deeper than any file of gapwright");
    keys_.emplace_back();
    return true;
  }
  bool end() {
    keys_.pop_back();
    return true;
  }
  std::size_t deepest_, most_keys_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

std::string json_fault(std::string_view text, std::size_t deepest, std::size_t most_keys) {
  Watch watch(deepest, most_keys);
  nlohmann::json::sax_parse(text.begin(), text.end(), &watch);
  return watch.fault;
}

nlohmann::ordered_json parse_strict_json(const InputBytes& input) {
  constexpr std::size_t kDeepest = 32, kMostKeys = 1000;
  if (const std::string fault = json_fault(input.text(), kDeepest, kMostKeys); !fault.empty())
    throw BadInstance(input.name() + ": " + fault);
  return nlohmann::ordered_json::parse(input.text());
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

const nlohmann::ordered_json& array_at(const nlohmann::ordered_json& object, const char* key, std::string_view place) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_array()) throw BadInstance(std::string(place) + ": '" + key + "' must be an array");
  return *found;
}

std::uint64_t count_at(const nlohmann::ordered_json& value, const std::string& place) {
  if (!value.is_number_integer() ||
      (value.is_number_unsigned() ? value.get<std::uint64_t>() > INT64_MAX : value.get<std::int64_t>() < 0))
    throw BadInstance(place + ": must be a whole number");
  return value.get<std::uint64_t>();
}

}  // namespace gapwright
