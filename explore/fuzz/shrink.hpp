// SPDX-License-Identifier: MIT
#pragma once
#include <functional>

#include "explore/fuzz/case.hpp"

namespace gapwright {

/// A smaller case that still fails, none of whose neighbours - a clause, literal, variable, vector, coordinate, set or parameter
/// less - does. The same result each time. Stops after `most_tries` calls of still_fails.
FuzzCase shrunk(FuzzCase start, const std::function<bool(const FuzzCase&)>& still_fails, std::size_t most_tries = 4000);

}  // namespace gapwright
