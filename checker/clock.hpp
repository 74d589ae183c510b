// SPDX-License-Identifier: MIT
#pragma once
#include <chrono>
#include <cstdio>
#include <string>

#include "checker/errors.hpp"

namespace checker {

/// Ends a check that takes too long.
class Clock {
 public:
  explicit Clock(double seconds) : limit_(seconds) {}
  double elapsed() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  double limit() const { return limit_; }
  void check() const {
    if (elapsed() > limit_) throw Limit(late());
  }
  /// What is said then; for alarms, too.
  std::string late() const {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.3g", limit_);
    return std::string("not done within ") + seconds + " s; raise --time-limit, or look at some rows only with --sample N";
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double limit_;
};

}  // namespace checker
