// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>
#include <string>

namespace gapwright {

/// A file or an instance that is not what it should be. The text is one line: place, what is wrong, and the remedy.
struct BadInstance : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The work asked for is larger than a limit (time, memory, tuples). The text gives the number and the remedy.
struct LimitReached : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The caller asked to stop (see RunControl).
struct Interrupted : std::runtime_error {
  Interrupted() : std::runtime_error("interrupted") {}
};

}  // namespace gapwright
