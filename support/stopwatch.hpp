// SPDX-License-Identifier: MIT
#pragma once
#include <chrono>

namespace gapwright {

/// Seconds of one stage after another.
class Stopwatch {
 public:
  /// Seconds since the lap before, or since the watch was made.
  double lap() {
    const auto before = last_;
    last_ = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(last_ - before).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace gapwright
