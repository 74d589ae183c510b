// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"
#include "verify/verdict.hpp"

// Scores of the factored form of Gap-k-MaxIP, and the certified verdict of attention over it.
namespace gapwright {

/// What scoring holds besides instance and counts: the multiples of a block of the last set's vectors, of which there are `keys`.
mpz_class multiples_bytes(std::size_t coins, std::size_t blocks, std::size_t field_size, std::size_t keys);

/// counts[(i - first_row) * (L + 1) + s]: the number of tuples of row i that exactly s coins accept.
std::vector<std::uint64_t> accepting_histograms(const FactoredGapMaxIp&, std::size_t first_row, std::size_t last_row,
                                                const RunControl& = {});

/// The instance's side on integers, row by row: yes as soon as a row is yes; else outside the promise if some row is.
GapSide side_of_instance(const FactoredGapMaxIp&, const RunControl& = {});

/// Attention over the instance ("sharp" embedding), decided from the integer scores. Stops at the first row that reaches
/// yes_at_least; the witness is the first tuple of the row that the most coins accept.
Verdict decide_factored(const FactoredAttention&, const RunControl& = {}, const Precision& = {});

}  // namespace gapwright
