// SPDX-License-Identifier: MIT
#pragma once
#include <CLI/CLI.hpp>

#include "reductions/orthogonal_vectors_to_attention.hpp"

namespace gapwright::cli {

/// --square, --causal and so on, as the table of atlas/direct_flags has them.
void add_direct_flags(CLI::App& verb, DirectOptions& options);

}  // namespace gapwright::cli
