// SPDX-License-Identifier: MIT
#pragma once
#include "cli/context.hpp"

namespace gapwright::cli {

inline constexpr const char* kSummary = "Fine-grained complexity reductions from SAT to attention, run and certified.";

/// Declares the whole program's options and verbs; the man page and the completion are made from them too (manual/).
void declare_program(CLI::App& app, Context& context);

}  // namespace gapwright::cli
