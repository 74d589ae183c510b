// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "atlas/problem.hpp"
#include "cli/context.hpp"

namespace gapwright::cli {

/// Reads an instance; what is odd about it goes to standard error.
AnyInstance read_noted(const Context&, const Problem& problem, const std::vector<InputFile>& inputs, bool strict);

}  // namespace gapwright::cli
