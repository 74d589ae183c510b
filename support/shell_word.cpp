// SPDX-License-Identifier: MIT
#include "support/shell_word.hpp"

namespace gapwright {

std::string shell_word(const std::string& text) {
  const char* const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string file_word(const std::string& name) { return shell_word(name.starts_with('-') ? "./" + name : name); }

}  // namespace gapwright
