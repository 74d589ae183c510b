// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "atlas/problem.hpp"
#include "atlas/rule.hpp"

// Every problem and every rule of the toolkit as a directed graph.
namespace gapwright {

/// Every path without a repeated problem, as indices into rules(), in order of length and then of rules(). Throws
/// std::invalid_argument for an unknown problem. Without those of routes_by_name.
using Route = std::vector<std::size_t>;
std::vector<Route> routes(const std::string& source, const std::string& target);
/// Those through a code that is tried only when it is asked for by name.
std::vector<Route> routes_by_name(const std::string& source, const std::string& target);

/// The graph in Graphviz's language: problems as boxes, rules as arrows with variants, gaps and kinds.
std::string atlas_dot();

}  // namespace gapwright
