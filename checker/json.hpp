// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// JSON as certificates and manifests may use it: whole numbers, strings, lists, objects and null. A key that occurs twice is an
// error.
namespace checker {

struct Value {
  struct Member;  ///< not std::pair: clang 14 would ask whether a pair of an incomplete type can be copied
  enum class Kind { whole, negative, string, list, object, null, other };  ///< other: booleans, fractions
  Kind kind = Kind::other;
  std::uint64_t magnitude = 0;  ///< of a whole or negative number
  std::string string;
  std::vector<Value> items;     ///< of a list
  std::vector<Member> members;  ///< of an object, in the order of the file

  const Value* find(std::string_view key) const;
  bool operator==(const Value&) const;  ///< members in the same order, too
};

struct Value::Member {
  std::string first;
  Value second;
};

/// Any such text. Throws BadInput when it is not JSON, Rejected when a key occurs twice or it is nested too deeply.
Value parse_json(std::string_view text, const std::string& name);

/// The value under "claim". The text must be an object with exactly the members "claim" and "informative", both objects; nothing
/// inside "informative" is looked at. Throws BadInput when the text is not JSON, Rejected when it is JSON of another shape.
Value claim_of(std::string_view text, const std::string& name);

}  // namespace checker
