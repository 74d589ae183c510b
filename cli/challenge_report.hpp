// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/challenge/challenge.hpp"

// How the result of a challenge looks as text.
namespace gapwright::cli {

/// The instances, one line per algorithm (best first), and what went wrong.
std::string leaderboard_text(const ChallengeReport&);

/// "a-very..-name": at most `most` characters, the middle left out.
std::string shortened(const std::string& name, std::size_t most);

}  // namespace gapwright::cli
