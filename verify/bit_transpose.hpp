// SPDX-License-Identifier: MIT
#pragma once
#include "instances/bit_matrix.hpp"

namespace gapwright {

/// The transpose, in blocks of 64 x 64 bits.
BitMatrix transposed(const BitMatrix&);

}  // namespace gapwright
