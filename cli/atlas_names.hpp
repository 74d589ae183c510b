// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "atlas/route_request.hpp"
#include "cli/context.hpp"

// What the verbs over the atlas (show, path, implied) share.
namespace gapwright::cli {

/// The options of a route: where it begins, from numbers or from an instance file.
struct StartOptions {
  RouteRequest route;
  std::string file;
  std::string delta;  ///< as given
};
void add_start_options(CLI::App& verb, StartOptions& options);
/// The instance is read, and -o written.
void declare_start(const Context& context, const StartOptions& options);
RouteRequest route_request(const Context& context, const StartOptions& options);
/// As check_order says it of -k.
OrderCheck order_check(const Context& context);

/// Codes and instance families with their meanings, as list shows them.
using Table = std::vector<std::pair<std::string, std::string>>;
const Table& code_table();
const Table& family_table();

}  // namespace gapwright::cli
