// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <string_view>

namespace gapwright {

/// A message as it may reach a terminal, whatever file it quotes: control characters (below 32, 127, 128 to 159) and bytes that are no UTF-8 are
/// written out (a line end as \n, others as \x1b), and of more than 500 bytes the middle is left out, so that place and remedy stay.
std::string shown_message(std::string_view text);

/// The whole text, with control characters and bytes that are no UTF-8 written out in the same way.
std::string without_controls(std::string_view text);

}  // namespace gapwright
