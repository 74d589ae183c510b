// SPDX-License-Identifier: MIT
// In: the JSON of a result. Out: the same as Python objects. Called by every function that answers as the program does with --json.
#include "python/objects.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "python/integers.hpp"
#include "support/fields_in_message.hpp"
#include "support/said_json.hpp"

namespace gapwright::python {
namespace {

using Json = nlohmann::ordered_json;

/// Keys whose text somebody chose.
constexpr std::array<std::string_view, 7> kFreeTexts{"file", "files", "program", "command", "name", "note", "reason"};

/// As exact_json writes what a double may not hold.
bool is_large_integer(const std::string& text) {
  const std::size_t sign = text.starts_with("-") ? 1 : 0;
  if (text.size() < sign + 16 || text[sign] == '0') return false;
  return text.find_first_not_of("0123456789", sign) == std::string::npos;
}

py::object text_object(const std::string& text) {
  PyObject* const made = PyUnicode_DecodeUTF8(text.data(), static_cast<py::ssize_t>(text.size()), "replace");
  if (!made) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(made);
}

/// What the text under a key is.
enum class Text { any, free, integer };

struct Reading {
  const std::vector<std::string_view>& integer_keys;

  py::object text(const std::string& text, Text kind) const {
    const bool integer = kind == Text::integer || (kind == Text::any && is_large_integer(text));
    return integer ? integer_of(mpz_class(text, 10)) : text_object(text);
  }

  Text kind_under(const std::string& key, Text above) const {
    if (above == Text::free || std::ranges::find(kFreeTexts, key) != kFreeTexts.end()) return Text::free;
    return std::ranges::find(integer_keys, key) != integer_keys.end() ? Text::integer : Text::any;
  }

  py::object dictionary(const Json& json, Text above) const {
    py::dict result;
    for (const auto& [key, value] : json.items()) result[text_object(key)] = object(value, kind_under(key, above));
    return result;
  }

  py::object list(const Json& json, Text kind) const {
    py::list result;
    for (const Json& value : json) result.append(object(value, kind));
    return result;
  }

  py::object object(const Json& json, Text kind) const {
    switch (json.type()) {
      case Json::value_t::null:
      case Json::value_t::discarded:
      case Json::value_t::binary:  // no answer has any
        return py::none();
      case Json::value_t::boolean:
        return py::bool_(json.get<bool>());
      case Json::value_t::number_integer:
        return py::int_(json.get<std::int64_t>());
      case Json::value_t::number_unsigned:
        return py::int_(json.get<std::uint64_t>());
      case Json::value_t::number_float:
        return py::float_(json.get<double>());
      case Json::value_t::string:
        return text(json.get_ref<const std::string&>(), kind);
      case Json::value_t::array:
        return list(json, kind);
      case Json::value_t::object:
        return dictionary(json, kind);
    }
    return py::none();
  }
};

}  // namespace

py::object object_of(const Json& json, const std::vector<std::string_view>& integer_keys) {
  return Reading{integer_keys}.object(said_json(json, with_keywords), Text::any);
}

}  // namespace gapwright::python
