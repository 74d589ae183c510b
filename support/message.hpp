// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace gapwright {

/// A message as it may reach a terminal, whatever file it quotes: control characters (below 32, 127, 128 to 159) and bytes that are no UTF-8 are
/// written out (a line end as \n, others as \x1b), and of more than 500 bytes the middle is left out, so that place and remedy stay.
std::string shown_message(std::string_view text);

/// The whole text, with control characters and bytes that are no UTF-8 written out in the same way.
std::string without_controls(std::string_view text);

/// "1 clause", "91 clauses"; `plural` where it is not the noun with an s. The number may be written out before, as "1.05e+06".
std::string counted(std::uint64_t number, const std::string& noun, const std::string& plural = "");
std::string counted(const std::string& number, const std::string& noun, const std::string& plural = "");
/// "all 91 clauses", "the one clause".
std::string all_counted(const std::string& number, const std::string& noun);

}  // namespace gapwright
