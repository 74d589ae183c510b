// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>

#include "instances/orthogonal_vectors.hpp"
#include "support/philox.hpp"

namespace gapwright {

/// Sets of at least one vector, at most `most_tuples` tuples and `most_columns` coordinates: random, all ones, all products
/// exactly 1, one tuple orthogonal and the others at 1, repeated rows.
OrthogonalVectors draw_vectors(Random&, std::size_t order, std::uint64_t most_tuples, std::size_t most_columns);

}  // namespace gapwright
