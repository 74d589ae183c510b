// SPDX-License-Identifier: MIT
#pragma once
#include "instances/bit_matrix.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// Every bit the other way.
BitMatrix complement(const BitMatrix&, const RunControl& = {});

}  // namespace gapwright
