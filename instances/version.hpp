// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace gapwright {

/// The version of this library, as "major.minor.patch". Written into every artefact.
std::string version();

}  // namespace gapwright
