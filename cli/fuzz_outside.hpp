// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "cli/paths.hpp"

namespace gapwright::cli {

/// What `fuzz --exec` asks for.
struct OutsideOptions {
  std::string command;
  std::string to;
  double run_timeout = 10;  ///< seconds for one formula
};

/// -o as a folder of what failed; without -o nothing is written.
WrittenPath failures_folder(const Context& context);

/// The campaign against somebody else's reduction; -o names the folder for failing formulas.
int run_outside_fuzz(const Context& context, const OutsideOptions& options, std::size_t cases);

}  // namespace gapwright::cli
