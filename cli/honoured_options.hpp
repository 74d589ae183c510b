// SPDX-License-Identifier: MIT
#pragma once
#include "cli/context.hpp"
#include "instances/files/gap_max_ip_files.hpp"

namespace gapwright::cli {

/// Notes in the context which shared options were given, and throws std::invalid_argument for one that the chosen verb does
/// nothing with, and for an option with an empty text: what a user asks for is done or refused, never ignored.
void check_shared_options(const CLI::App& app, Context& context);

/// Throws std::invalid_argument when -k was given and is not the order of `file`; 0 for a file that is decided without one.
void check_order(const Context& context, const std::string& file, std::size_t order);
std::size_t order_of(const GapMaxIpFile&);

}  // namespace gapwright::cli
