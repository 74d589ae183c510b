// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "explore/regime/regime.hpp"
#include "explore/regime/routes.hpp"

namespace gapwright {

/// What stands in a results file before the results: the command that makes them.
std::string command_of(const RegimeSweep& sweep);
std::string command_of(const RouteSweep& sweep);
std::string command_of(const OrderSweep& sweep);

}  // namespace gapwright
