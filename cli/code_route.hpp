// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/code_request.hpp"
#include "cli/context.hpp"

// What the code routes of solve and reduce share: their options.
namespace gapwright::cli {

void add_code_route_options(CLI::App& verb, CodeRequest& request);

/// For long work in the library: limits, progress and notes of this command.
Work work_of(const Context& context);

}  // namespace gapwright::cli
