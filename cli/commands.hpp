// SPDX-License-Identifier: MIT
#pragma once
#include "cli/context.hpp"

// One function per verb: declares its options and sets context.command when the verb is given.
namespace gapwright::cli {

void add_solve(CLI::App& app, Context& context);
void add_reduce(CLI::App& app, Context& context);
void add_extract(CLI::App& app, Context& context);
void add_decide(CLI::App& app, Context& context);
void add_code(CLI::App& app, Context& context);
void add_attend(CLI::App& app, Context& context);
void add_challenge(CLI::App& app, Context& context);
void add_audit(CLI::App& app, Context& context);
void add_gen(CLI::App& app, Context& context);
void add_explore(CLI::App& app, Context& context);
void add_trace(CLI::App& app, Context& context);
void add_list(CLI::App& app, Context& context);
void add_show(CLI::App& app, Context& context);
void add_path(CLI::App& app, Context& context);
void add_implied(CLI::App& app, Context& context);
void add_graph(CLI::App& app, Context& context);
void add_estimate(CLI::App& app, Context& context);
void add_plan(CLI::App& app, Context& context);
void add_fuzz(CLI::App& app, Context& context);
void add_version(CLI::App& app, Context& context);

/// The whole program: parses, runs, reports errors in one line, returns the exit code.
int run(int argc, const char* const* argv);

}  // namespace gapwright::cli
