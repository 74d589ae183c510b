// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// Messages of the library name a field or a remedy in backticks, `square` or `route=direct`: that is how a user of C++ reads them. The program says
// --square and --route direct instead, the Python module square and route='direct'. Of several values one may choose: `method=exact|certified`.
namespace gapwright {

/// What a request calls one of its fields, and what the two faces call it.
struct MessageField {
  std::string_view name;          ///< in backticks: small letters, digits and _
  std::string_view option;        ///< of the program; ends in = where its value must follow at once
  std::string_view keyword;       ///< of Python; empty where Python lacks it
  std::string_view program = {};  ///< what the program says for the field without a value, where that is not the option alone
  bool aside = false;             ///< in parentheses it follows words that say enough to users of the program, who do not see it
};

/// Every field that a message may name.
std::span<const MessageField> message_fields();

/// A field as a message names it.
struct FieldInMessage {
  const MessageField& field;
  std::optional<std::string> value;
  bool aside;  ///< it stands alone in parentheses, after a blank
};

/// What a face says for it; nothing for an aside that is to be left out with its parentheses.
using FieldWords = std::function<std::string(const FieldInMessage&)>;

/// The message with these words for every known field in backticks. All else stays byte for byte: other words in backticks, and what a file name
/// or a quotation has in backticks (`route`.cnf, '`route`'); only a file named exactly like a field, backticks included, is taken for the field.
std::string with_fields_as(std::string_view message, const FieldWords& words);

/// "`route=direct` or `square`" as "--route direct or --square".
std::string with_options(std::string_view message);
/// "`route=direct` or `square`" as "route='direct' or square"; a field that Python lacks as "blind (of the program only)".
std::string with_keywords(std::string_view message);

}  // namespace gapwright
