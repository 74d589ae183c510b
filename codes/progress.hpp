// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <stdexcept>

namespace gapwright {

/// Called now and then by long computations with the fraction done, from 0 to 1. It may throw to stop them; they leave
/// nothing behind. An empty function is never called.
using Progress = std::function<void(double fraction)>;

/// What is asked for would take more memory than allowed; nothing has been built. One line with the number and the remedy.
struct CodeTooLarge : std::length_error {
  using std::length_error::length_error;
};

}  // namespace gapwright
