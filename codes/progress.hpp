#pragma once
#include <functional>

namespace gapwright {

/// Called now and then by long computations with the fraction done, from 0 to 1. It may throw to stop them; they leave
/// nothing behind. An empty function is never called.
using Progress = std::function<void(double fraction)>;

}  // namespace gapwright
