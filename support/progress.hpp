// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <functional>
#include <stdexcept>

namespace gapwright {

/// Called now and then by long computations with the fraction done, from 0 to 1. It may throw to stop them; they leave
/// nothing behind. An empty function is never called.
using Progress = std::function<void(double fraction)>;

/// The part of `progress` from `from` to `to`, for one step of a longer computation; `progress` must outlive it.
inline Progress share(const Progress& progress, double from, double to) {
  if (!progress) return {};
  return [&progress, from, to](double fraction) { progress(from + (to - from) * fraction); };
}

/// How many rows of this many symbols are looked at between two calls.
inline std::size_t rows_between_looks(std::size_t columns) { return (std::size_t{1} << 20) / (columns + 1) + 1; }

/// For loops of `count` equal steps: call it after each, and progress is told of every step whose number is a multiple of `every`.
class Steps {
 public:
  Steps(const Progress& progress, std::size_t count, std::size_t every = 1) : progress_(progress), count_(count), every_(every) {}
  void done() {
    if (++done_ % every_ == 0 && progress_) progress_(static_cast<double>(done_) / static_cast<double>(count_));
  }

 private:
  const Progress& progress_;
  std::size_t count_, every_, done_ = 0;
};

/// What is asked for would take more memory than allowed; nothing has been built. One line with the number and the remedy.
struct CodeTooLarge : std::length_error {
  using std::length_error::length_error;
};

}  // namespace gapwright
