// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "support/run_control.hpp"
#include "verify/scoring_index.hpp"

namespace gapwright {

/// The tuples of keys that row i of set 0 sees: one vector of each other set. Their number must be below 2^63 (checked: LimitReached).
std::uint64_t tuples_per_row(const ScoringIndex&);

/// counts[(i - first_row) * cut + s] = number of tuples J with <x_0[i], x_1[j_1], ...> = s, exactly, for s < cut (cut >= 1) and the rows
/// first_row <= i < last_row. Time grows with the part of the tuples that cannot be excluded block by block, not with their number.
std::vector<std::uint64_t> count_below(const ScoringIndex&, std::size_t cut, std::size_t first_row, std::size_t last_row,
                                       const RunControl& = {});

/// The lexicographically first tuple (j_1, ..., j_{k-1}) with <x_0[row], ...> < cut.
std::optional<std::vector<std::size_t>> first_tuple_below(const ScoringIndex&, std::size_t cut, std::size_t row,
                                                          const RunControl& = {});

}  // namespace gapwright
