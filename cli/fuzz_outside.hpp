// SPDX-License-Identifier: MIT
#pragma once
#include "cli/paths.hpp"
#include "explore/fuzz/outside_request.hpp"

namespace gapwright::cli {

/// -o as a folder of what failed; without -o nothing is written.
WrittenPath failures_folder(const Context& context);

/// The campaign against somebody else's reduction; order, seed, folder and limits are the context's.
int run_outside_fuzz(const Context& context, OutsideRequest request);

}  // namespace gapwright::cli
