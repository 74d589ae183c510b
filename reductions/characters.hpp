// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>
#include <cstddef>
#include <vector>

#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// Number of real coordinates of the gadget "characters", per coin; and in all.
std::vector<std::size_t> character_coordinates(const FactoredGapMaxIp&, const RunControl& control = {});

/// Gadget "characters" (real vectors, docs/reductions.md): party 0's predicate expanded in products of multiplicative characters. Coefficients
/// are computed exactly in the group ring of roots of unity and rounded once. Throws LimitReached when Q^T is above 2^20 or the matrices would
/// take more than `most_bits` bits.
RealGapMaxIp characters(const FactoredGapMaxIp&, const mpz_class& most_bits, const RunControl& control = {});

}  // namespace gapwright
