// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"

// A factored Gap-k-MaxIP instance as vectors with the same inner products.
namespace gapwright {

/// Dimension L Q^((k-1) T) of the boxes gadget, exactly.
mpz_class boxes_dimension(const FactoredGapMaxIp&);
/// Number of coordinates of the pruned boxes: those in which no set is identically 0. Counted without building them.
mpz_class pruned_dimension(const FactoredGapMaxIp&, const RunControl& control = {});

/// Gadget "boxes" (0/1): coordinates (x, m_1, ..., m_{k-1}), m_u in F^T; x_0 has a 1 where party 0 would accept, x_u where its message is m_u.
/// With `pruned`, without the coordinates in which some set is identically 0. Throws LimitReached
/// above `most_bits` bits in all sets, rows beginning at words of 64, and what is said in them.
GapMaxIp boxes(const FactoredGapMaxIp&, bool pruned, const mpz_class& most_bits, const RunControl& control = {});

/// Number of real coordinates of the gadget "characters", per coin; and in all.
std::vector<std::size_t> character_coordinates(const FactoredGapMaxIp&, const RunControl& control = {});

/// Gadget "characters" (real vectors, docs/reductions.md): party 0's predicate expanded in products of multiplicative characters. Coefficients
/// are computed exactly in the group ring of roots of unity and rounded once. Throws LimitReached when Q^T is above 2^20 or the matrices would
/// take more than `most_bits` bits.
RealGapMaxIp characters(const FactoredGapMaxIp&, const mpz_class& most_bits, const RunControl& control = {});

}  // namespace gapwright
