// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace gapwright {

/// The version of this library, as "major.minor.patch". Written into every artefact.
std::string version();

/// The commit this library was built from, 40 hexadecimal digits; "+changes" is added when files had been changed since.
/// "unknown" where git could not tell.
std::string commit();

}  // namespace gapwright
