// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "support/errors.hpp"

// Computations do not know what their instance is called; requests do.
namespace gapwright {

/// About a file other than the instance, which the text names.
struct BadOtherFile : BadInstance {
  using BadInstance::BadInstance;
};

/// Runs work(), whose errors do not name the instance; no name adds nothing.
template <class Do>
auto with_name(const std::string& name, Do work) {
  const std::string before = name.empty() ? "" : name + ": ";
  try {
    return work();
  } catch (const BadOtherFile&) {
    throw;
  } catch (const BadInstance& e) {
    throw BadInstance(before + e.what());
  } catch (const LimitReached& e) {
    throw LimitReached(before + e.what());
  }
}

}  // namespace gapwright
