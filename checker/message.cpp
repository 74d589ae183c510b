// SPDX-License-Identifier: MIT
#include "checker/message.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace checker {
namespace {

/// The character at the front of a text that is not empty: its bytes and its number. A byte that begins no UTF-8 character counts as a control
/// character (0) of one byte.
struct Character {
  std::size_t bytes = 1;
  std::uint32_t number = 0;
};

Character character_of(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return {1, first};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc0 || first >= 0xf8 || text.size() < bytes) return {};
  std::uint32_t number = first & (0xffU >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xc0U) != 0x80) return {};
    number = number << 6 | (byte & 0x3fU);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = number >= 0xd800 && number < 0xe000;
  return number < kLeast[bytes] || number > 0x10ffff || surrogate ? Character{} : Character{bytes, number};
}

bool is_control(std::uint32_t c) { return c < 32 || (c >= 127 && c < 160); }

std::string written_out(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += std::string("\\x") + "0123456789abcdef"[byte >> 4] + "0123456789abcdef"[byte & 15];
  }
  return text;
}

}  // namespace

std::string printable(std::string_view text) {
  constexpr std::size_t kMost = 470, kBegin = 300, kEnd = 160;
  constexpr std::string_view kLeftOut = " ... ";
  std::string cut;
  if (text.size() > 4 * kMost) {  // enough for both ends, whatever their characters
    cut = std::string(text.substr(0, 2 * kMost)) + std::string(text.substr(text.size() - 2 * kMost));
    text = cut;
  }
  std::vector<std::string> pieces;
  std::size_t length = 0;
  while (!text.empty()) {
    const auto [bytes, number] = character_of(text);
    pieces.push_back(is_control(number) ? written_out(text.substr(0, bytes)) : std::string(text.substr(0, bytes)));
    length += pieces.back().size();
    text.remove_prefix(bytes);
  }
  std::string begin, end;
  if (length <= kMost) {
    for (const std::string& piece : pieces) begin += piece;
    return begin;
  }
  for (auto piece = pieces.begin(); begin.size() + piece->size() <= kBegin; ++piece) begin += *piece;
  auto from = pieces.end();
  for (std::size_t taken = 0; taken + std::prev(from)->size() <= kEnd; taken += from->size()) --from;
  while (from != pieces.end()) end += *from++;
  return begin.append(kLeftOut) + end;
}

std::string counted(const std::string& number, const std::string& noun) {
  return number + " " + noun + (number == "1" ? "" : "s");
}

}  // namespace checker
