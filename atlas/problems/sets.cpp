// SPDX-License-Identifier: MIT
#include "atlas/problems/sets.hpp"

#include <stdexcept>

namespace gapwright {

RouteStart start_of_sets(const std::string& problem, const StartNumbers& numbers) {
  if (!numbers.vectors || !numbers.dimension)
    throw std::invalid_argument("a route from " + problem + " takes " + kSetNumbers + ", or an instance");
  RouteStart start;
  start.order = numbers.order;
  start.set_sizes.assign(numbers.order, mpz_class(*numbers.vectors));
  start.dimension = *numbers.dimension;
  return start;
}

RouteStart start_of_plain_sets(const std::string& problem, const StartNumbers& numbers) {
  RouteStart start = start_of_sets(problem, numbers);
  if (numbers.yes_at_least || numbers.no_at_most)
    throw std::invalid_argument("`yes_at_least` and `no_at_most` go with gap-max-ip");
  return start;
}

std::vector<std::size_t> tuple_of(const WitnessNumbers& numbers) {
  std::vector<std::size_t> tuple;
  tuple.reserve(numbers.size());
  for (const std::int64_t j : numbers) tuple.push_back(j < 0 ? SIZE_MAX : static_cast<std::size_t>(j));
  return tuple;
}

}  // namespace gapwright
