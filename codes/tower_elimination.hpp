// SPDX-License-Identifier: MIT
#pragma once
#include "codes/tower_functions.hpp"

namespace gapwright {

/// The algorithm that works at every level m >= 1 (docs/codes.md, Theorem C8).
TowerFunctions general_tower_functions(std::uint32_t q, unsigned m, const Progress& progress = {});

}  // namespace gapwright
