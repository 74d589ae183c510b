// SPDX-License-Identifier: MIT
#pragma once
#include "cli/context.hpp"
#include "explore/regime/results.hpp"

// What the verbs below `explore` share.
namespace gapwright::cli {

/// Opens the results file -o to go on with it; says so when its last line was cut off.
std::unique_ptr<ResultsLog> open_results(const Context& context);
/// The record "sweep" that says by which command the results below it were made.
void write_header(ResultsLog& log, const std::string& command);

void add_explore_regime(CLI::App& verb, Context& context);
void add_explore_report(CLI::App& verb, Context& context);
void add_explore_routes(CLI::App& verb, Context& context);

}  // namespace gapwright::cli
