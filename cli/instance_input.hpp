// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "atlas/problem.hpp"
#include "cli/context.hpp"

namespace gapwright::cli {

/// Reads an instance; what is odd about it goes to standard error.
AnyInstance read_noted(const Context&, const Problem& problem, const std::vector<InputBytes>& inputs, bool strict);

/// "(0, 3)", or the literals of an assignment.
std::string witness_text(const Problem& problem, const WitnessNumbers& witness);

}  // namespace gapwright::cli
