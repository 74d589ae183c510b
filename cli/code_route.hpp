// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/code_request.hpp"
#include "cli/context.hpp"

// What the code routes of solve and reduce share: their options.
namespace gapwright::cli {

/// `advice` says what --advice takes.
void add_code_route_options(CLI::App& verb, CodeRequest& request, const std::string& advice);

}  // namespace gapwright::cli
