#pragma once
#include <nlohmann/json.hpp>
#include <string>

#include "explore/challenge.hpp"

// How the result of a challenge looks.
namespace gapwright::cli {

/// The instances, one line per algorithm (best first), and what went wrong.
std::string leaderboard_text(const ChallengeReport&);

/// One object for one algorithm; for several {"leaderboard": [...]}, best first.
nlohmann::ordered_json challenge_json(const ChallengeReport&);

}  // namespace gapwright::cli
