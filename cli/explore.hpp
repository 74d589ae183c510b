// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "cli/context.hpp"
#include "explore/regime/sweep_run.hpp"

// What the verbs below `explore` share.
namespace gapwright::cli {

/// The results file -o, declared to be gone on with.
SweepOutput declared_results(const Context& context, bool force);

void add_explore_regime(CLI::App& verb, Context& context);
void add_explore_report(CLI::App& verb, Context& context);
void add_explore_routes(CLI::App& verb, Context& context);

}  // namespace gapwright::cli
