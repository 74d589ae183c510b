// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "atlas/problem.hpp"

// What the rows of problems over sets of vectors share.
namespace gapwright {

template <class Sets>
std::vector<std::size_t> rows_of(const Sets& sets) {
  std::vector<std::size_t> rows;
  rows.reserve(sets.size());
  for (const auto& set : sets) rows.push_back(set.rows);
  return rows;
}

template <class Sets>
RouteStart sizes_of_sets(const Sets& sets, std::size_t dimension) {
  RouteStart start;
  for (const auto& set : sets) start.set_sizes.emplace_back(set.rows);
  start.order = start.set_sizes.size();
  start.dimension = dimension;
  return start;
}

constexpr const char* kSetNumbers = "`vectors` and `dimension`";

/// As many sets as the order says, of equally many vectors. Throws std::invalid_argument when these numbers are missing.
RouteStart start_of_sets(const std::string& problem, const StartNumbers& numbers);

/// The same where no thresholds go with them.
RouteStart start_of_plain_sets(const std::string& problem, const StartNumbers& numbers);

/// Indices; one that is none (negative) is beyond every set.
std::vector<std::size_t> tuple_of(const WitnessNumbers& numbers);

}  // namespace gapwright
