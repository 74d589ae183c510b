// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

namespace gapwright {

/// "; did you mean 'NAME'?" with the known name nearest to the word, or nothing when none is near.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& names);

}  // namespace gapwright
