// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// Dimension L Q^((k-1) T) of the boxes gadget, exactly.
mpz_class boxes_dimension(const FactoredGapMaxIp&);
/// Number of coordinates of the pruned boxes: those in which no set is identically 0. Counted without building them.
mpz_class pruned_dimension(const FactoredGapMaxIp&, const RunControl& control = {});

/// Gadget "boxes" (0/1): coordinates (x, m_1, ..., m_{k-1}), m_u in F^T; x_0 has a 1 where party 0 would accept, x_u where its message is m_u.
/// With `pruned`, without the coordinates in which some set is identically 0. Throws LimitReached
/// above `most_bits` bits in all sets, rows beginning at words of 64, and what is said in them.
GapMaxIp boxes(const FactoredGapMaxIp&, bool pruned, const mpz_class& most_bits, const RunControl& control = {});

}  // namespace gapwright
