// SPDX-License-Identifier: MIT
#pragma once
#include "codes/curve.hpp"
#include "codes/tower_functions.hpp"

namespace gapwright {

/// Level m of the tower with these functions, trusted as they are: garcia_stichtenoth passes tower_functions(q, m),
/// tests pass others, also wrong ones. Throws std::invalid_argument for a wrong number of functions or a term that
/// names no class.
CurvePointer tower_curve(TowerFunctions functions);

/// Throws std::invalid_argument, saying what is allowed, for parameters that are none, and CodeTooLarge when
/// garcia_stichtenoth(q, level) cannot be built within the limit.
void require_tower_parameters(std::int64_t q, std::int64_t level, std::uint64_t memory_limit);

/// An upper estimate of the bytes that garcia_stichtenoth(q, m) holds at once; parameters as checked there.
std::uint64_t tower_bytes(std::uint32_t q, unsigned m);

}  // namespace gapwright
