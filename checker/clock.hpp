#pragma once
#include <chrono>
#include <cmath>
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
    if (elapsed() > limit_)
      throw Limit("not done within " + std::to_string(std::llround(limit_)) +
                  " s; raise --time-limit, or look at some rows only with --sample N");
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double limit_;
};

}  // namespace checker
