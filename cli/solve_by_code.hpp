// SPDX-License-Identifier: MIT
#pragma once
#include "cli/code_route.hpp"
#include "cli/context.hpp"
#include "cli/solved.hpp"
#include "instances/cnf.hpp"

namespace gapwright::cli {

/// Decides by the route context.route (a code) as far as the advice allows; fills in everything but the independent solver's comparison.
void solve_by_code(const Context& context, const Cnf& cnf, const CodeRequest& options, Solved& solved);

}  // namespace gapwright::cli
