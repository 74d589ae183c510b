// SPDX-License-Identifier: MIT
#pragma once
#include "codes/tower_functions.hpp"

namespace gapwright {

/// The closed form, levels 1 to 3 (docs/codes.md, Theorem C6); throws std::invalid_argument beyond.
TowerFunctions closed_form_tower_functions(std::uint32_t q, unsigned m);

}  // namespace gapwright
