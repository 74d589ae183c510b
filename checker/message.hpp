// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

namespace checker {

/// Text for a terminal, in one line of at most 470 bytes whatever it quotes: control characters (below 32, 127, U+0080 to U+009F) and bytes that
/// are no UTF-8 are written \x1b, and of a longer text the middle is left out.
std::string printable(std::string_view text);

/// "1 row", "65 rows".
std::string counted(const std::string& number, const std::string& noun);

}  // namespace checker
