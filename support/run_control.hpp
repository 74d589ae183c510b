// SPDX-License-Identifier: MIT
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>

#include "support/errors.hpp"

namespace gapwright {

/// How a long computation is watched and stopped. The result never depends on it.
struct RunControl {
  enum Stop : int { run = 0, interrupted = 1, timed_out = 2 };
  unsigned threads = 0;                    ///< 0: all cores
  const std::atomic<int>* stop = nullptr;  ///< a Stop; may be set by a signal handler
  std::function<void(double)> progress;    ///< fraction done, in [0, 1]; called by one thread at a time

  /// Throws Interrupted or LimitReached once `stop` is set.
  void check() const {
    const int state = stop ? stop->load(std::memory_order_relaxed) : run;
    if (state == interrupted) throw Interrupted();
    if (state == timed_out) throw LimitReached("the time limit was reached; raise the time limit or take a smaller input");
  }

  /// The same, at every 4096th step of a loop of short ones.
  void check_at(std::size_t step) const {
    if (step % 4096 == 0) check();
  }
};

}  // namespace gapwright
