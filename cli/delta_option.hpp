// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <string>

#include "cli/context.hpp"
#include "reductions/delta.hpp"

namespace gapwright::cli {

/// --delta X, a rational or a decimal, wherever an embedding is chosen.
void add_delta_option(CLI::App& verb, std::string& text);

/// Nothing when it was not given. Throws std::invalid_argument outside (0, 1/4].
std::optional<mpq_class> delta_of(const std::string& text);

}  // namespace gapwright::cli
