// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "instances/lift.hpp"

// Witnesses of all problems as integers, as lift tables and files have them: literals for a formula, else one index for each set.
namespace gapwright {

inline WitnessNumbers numbers_of(const std::vector<bool>& assignment) { return literals_of(assignment); }
inline WitnessNumbers numbers_of(const std::vector<std::size_t>& tuple) { return {tuple.begin(), tuple.end()}; }

/// Throws std::invalid_argument for numbers that are no witness of any instance.
template <class Witness>
Witness witness_from(const WitnessNumbers& numbers);
template <>
inline std::vector<bool> witness_from(const WitnessNumbers& numbers) {
  return assignment_of(numbers);
}
template <>
inline std::vector<std::size_t> witness_from(const WitnessNumbers& numbers) {
  std::vector<std::size_t> tuple;
  tuple.reserve(numbers.size());
  for (const std::int64_t number : numbers) {
    if (number < 0) throw std::invalid_argument(std::to_string(number) + " is no index");
    tuple.push_back(static_cast<std::size_t>(number));
  }
  return tuple;
}

}  // namespace gapwright
