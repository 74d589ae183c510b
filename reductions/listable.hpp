// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>

#include "instances/cnf.hpp"

namespace gapwright {

/// Throws LimitReached when the first of `order` groups of variables has assignments that cannot be listed, before any size is even computed.
void check_listable(const Cnf& cnf, std::size_t order);

/// No number that is asked for is larger: it may be doubled.
inline constexpr std::int64_t kMostCounted = INT64_MAX / 2;

/// Throws std::invalid_argument for numbers of variables and clauses that no formula has here: 32-bit literals, and clauses up to
/// kMostCounted.
void check_formula_numbers(std::size_t variables, std::size_t clauses);

}  // namespace gapwright
