// SPDX-License-Identifier: MIT
#pragma once
#include <nlohmann/json.hpp>

#include "explore/challenge/challenge.hpp"

namespace gapwright {

/// The result of a challenge: one object for one algorithm; for several {"leaderboard": [...]}, best first (docs/challenge.md).
nlohmann::ordered_json challenge_json(const ChallengeReport&);

}  // namespace gapwright
