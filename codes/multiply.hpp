// SPDX-License-Identifier: MIT
#pragma once
#include "codes/field.hpp"
#include "codes/symbol_matrix.hpp"
#include "support/progress.hpp"

namespace gapwright {

/// a b. Throws std::invalid_argument when a has not as many columns as b has rows. The fast kernel of this room.
SymbolMatrix multiply(const Field& field, const SymbolMatrix& a, const SymbolMatrix& b, const Progress& progress = {});

}  // namespace gapwright
