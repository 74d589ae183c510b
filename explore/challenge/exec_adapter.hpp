// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "explore/challenge/challenge_files.hpp"
#include "support/command.hpp"

namespace gapwright {

/// Runs the command once per input, in a fresh folder that holds only the input, {in} and {out} replaced by absolute paths there.
/// Exit status 0 answers, kRefusal refuses, everything else fails; what it wrote last to standard error is the reason. Throws
/// std::invalid_argument when there is no such program. `control` must outlive the result.
Algorithm exec_algorithm(std::vector<std::string> words, const ChildLimits&, const ChallengeLayout&, const RunControl& control);

}  // namespace gapwright
