// SPDX-License-Identifier: MIT
#include "instances/version.hpp"

namespace gapwright {

std::string version() { return GAPWRIGHT_VERSION; }

}  // namespace gapwright
