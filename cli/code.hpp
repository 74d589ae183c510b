#pragma once
#include <CLI/CLI.hpp>

#include "cli/context.hpp"

namespace gapwright {

/// Adds `gapwright code list | show | matrix | encode | check`. `context` must outlive the parse; the callbacks throw
/// std::invalid_argument for bad arguments and give their data to context.out.
void add_code_command(CLI::App& app, Context& context);

}  // namespace gapwright
