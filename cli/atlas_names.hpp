// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <string>
#include <utility>
#include <vector>

#include "atlas/route_sizes.hpp"
#include "cli/context.hpp"

// What the verbs over the atlas (show, path, implied) share.
namespace gapwright::cli {

/// Two problems and the routes between them; throws std::invalid_argument, naming what can be reached, when there is none.
struct Journey {
  std::string from, to;
  std::vector<Route> routes;
};
Journey journey(const std::string& from, const std::string& to);

/// "direct", "hermitian, pruned boxes, sharp".
std::string route_name(const Route& route);

/// Where a route begins, from numbers or from an instance file.
struct StartOptions {
  std::string file;
  StartNumbers numbers;
  std::string delta;   ///< as given
  bool sized = false;  ///< something was given
};
void add_start_options(CLI::App& verb, StartOptions& options);
/// Refuses numbers that do not go with the journey; without any, the order and delta alone.
/// The instance is read, and -o written.
void declare_start(const Context& context, const StartOptions& options);
RouteStart start_of(const Context& context, const StartOptions& options, const Journey& journey);

/// Codes and instance families with their meanings, as list shows them.
using Table = std::vector<std::pair<std::string, std::string>>;
const Table& code_table();
const Table& family_table();

}  // namespace gapwright::cli
