// SPDX-License-Identifier: MIT
#pragma once
#include <stdexcept>
#include <string>

namespace checker {

/// The certificate's claim is not shown to be true: exit 3.
struct Rejected : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// A file that is missing, unreadable or not what it should be: exit 6.
struct BadInput : std::runtime_error {
  using std::runtime_error::runtime_error;
};
/// The check needs more time or memory than allowed: exit 5.
struct Limit : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws Rejected unless the condition holds.
inline void require(bool condition, const std::string& why) {
  if (!condition) throw Rejected(why);
}

}  // namespace checker
