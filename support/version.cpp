// SPDX-License-Identifier: MIT
#include "support/version.hpp"

namespace gapwright {

std::string version() { return GAPWRIGHT_VERSION; }

}  // namespace gapwright
