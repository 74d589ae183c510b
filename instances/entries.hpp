// SPDX-License-Identifier: MIT
#pragma once
#include "instances/attention.hpp"

namespace gapwright {

/// The matrix with columns of zeros behind its own, which are at most so many.
Matrix with_columns(const Matrix& m, std::size_t columns);

/// B: of q and the keys, in absolute value.
double largest_entry(const Attention& a);

}  // namespace gapwright
