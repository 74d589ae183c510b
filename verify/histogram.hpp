// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "support/run_control.hpp"
#include "verify/scoring_index.hpp"

namespace gapwright {

/// counts[(i - first_row) * (columns + 1) + s]: all inner products of the rows, for every s.
std::vector<std::uint64_t> inner_product_histograms(const ScoringIndex&, std::size_t first_row, std::size_t last_row,
                                                    const RunControl& = {});

}  // namespace gapwright
