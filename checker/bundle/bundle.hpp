// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "checker/check.hpp"

namespace checker {

/// What was found true of a bundle, and what nobody looked at.
struct BundleAccepted {
  std::string text;
  std::vector<std::string> unchecked;  ///< empty: everything was checked
};

/// Checks a folder that `gapwright reduce -o FOLDER/` wrote: hashes and sizes; on the direct route the target rebuilt from the
/// source and compared entry by entry; the lift table; tuples of the target against what they are lifted to. `read` gives the
/// bytes of a file by its name in the folder. Throws Rejected, BadInput or Limit.
BundleAccepted check_bundle(const std::function<std::string(const std::string& name)>& read, const Options& options = {});

}  // namespace checker
