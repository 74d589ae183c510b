// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>

namespace gapwright {

/// Nobody reads standard output any more: whoever did has what it wants.
struct ClosedPipe : std::runtime_error {
  ClosedPipe() : std::runtime_error("standard output: nobody reads it any more") {}
};

}  // namespace gapwright
