// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/challenge/challenge.hpp"

namespace gapwright::cli {

/// Writes challenge.dat, challenge.gp and, by gnuplot, challenge.svg into a folder, which is made if it is not there. Throws
/// std::invalid_argument when the folder cannot be written, std::runtime_error when gnuplot fails.
void write_challenge_plot(const ChallengeReport&, const std::string& folder);

}  // namespace gapwright::cli
