// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>

#include "instances/cnf.hpp"

namespace gapwright {

/// Throws LimitReached when the first of `order` groups of variables has assignments that cannot be listed, before any size is even computed.
void check_listable(const Cnf& cnf, std::size_t order);

}  // namespace gapwright
