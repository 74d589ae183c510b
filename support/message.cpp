// SPDX-License-Identifier: MIT
#include "support/message.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace gapwright {
namespace {

constexpr std::size_t kMost = 470, kBegin = 300;  // 500 with "gapwright: warning: " before it
constexpr std::string_view kLeftOut = " ... ";

/// Bytes of the UTF-8 character that begins here, 0 when none does or it is a control character.
std::size_t shown_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(0);
  if (first < 0x80) return first >= 32 && first != 127 ? 1 : 0;
  const std::size_t length = first >= 0xC2 && first < 0xE0   ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  if (length == 2 && first == 0xC2 && byte(1) < 0xA0) return 0;                                            // U+0080 to U+009F
  if (length == 3 && ((first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) >= 0xA0))) return 0;  // overlong, surrogates
  if (length == 4 && ((first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90)))
    return 0;  // overlong, beyond U+10FFFF
  return length;
}

std::string written_out(std::string_view text, std::size_t most) {
  std::string shown;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = shown_length(text.substr(i));
    const std::string piece = length > 0        ? std::string(text.substr(i, length))
                              : text[i] == '\n' ? "\\n"
                                                : fmt::format("\\x{:02x}", static_cast<unsigned char>(text[i]));
    if (shown.size() + piece.size() > most) break;
    shown += piece;
    i += std::max<std::size_t>(length, 1);
  }
  return shown;
}

}  // namespace

std::string without_controls(std::string_view text) { return written_out(text, std::string::npos); }

std::string counted(std::uint64_t number, const std::string& noun, const std::string& plural) {
  return counted(std::to_string(number), noun, plural);
}

std::string counted(const std::string& number, const std::string& noun, const std::string& plural) {
  return number + " " + (number == "1" ? noun : plural.empty() ? noun + "s" : plural);
}

std::string all_counted(const std::string& number, const std::string& noun) {
  return number == "1" ? "the one " + noun : "all " + counted(number, noun);
}

std::string shown_message(std::string_view text) {
  constexpr std::size_t kLongest = 4;  // bytes of a piece
  std::string whole = written_out(text, kMost + kLongest);
  if (whole.size() <= kMost) return whole;
  std::string shown = written_out(text, kBegin).append(kLeftOut);
  const std::size_t room = kMost - kBegin - kLeftOut.size();
  for (std::size_t from = text.size() - std::min(text.size(), room);;
       ++from) {  // where the end fits, and begins with a character
    const std::string end = written_out(text.substr(from), kMost);
    if (end.size() <= room && (from == text.size() || (static_cast<unsigned char>(text[from]) & 0xC0U) != 0x80))
      return shown.append(end);
  }
}

}  // namespace gapwright
