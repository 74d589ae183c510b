// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/challenge/challenge.hpp"
#include "support/child_process.hpp"

namespace gapwright {

/// The function gapwright_challenge_attention of a shared library (include/gapwright/challenge.h). Every call runs in a forked
/// process, which loads the library; the time is that of the call alone. Throws BadInstance when the library cannot be loaded or
/// has no such function. `control` must outlive the result.
Algorithm library_algorithm(const std::string& path, const ChildLimits&, const RunControl& control);

}  // namespace gapwright
