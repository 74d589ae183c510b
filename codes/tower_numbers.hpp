// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace gapwright {

/// What theory says about level m of the tower over F_{q^2}: [GS96] for the genus, [PST99] for the semigroup at P.
std::size_t tower_length(std::uint32_t q, unsigned m);     ///< (q^2 - q) q^(m-1) places over x_1 = a with a^q + a != 0
std::size_t tower_genus(std::uint32_t q, unsigned m);      ///< the number of gaps
std::size_t tower_conductor(std::uint32_t q, unsigned m);  ///< every integer from here on is a pole order
/// The pole orders up to `top`, increasing: S_1 = {0, 1, ...}, S_m = q S_{m-1} and all integers from the conductor on.
std::vector<std::size_t> tower_semigroup(std::uint32_t q, unsigned m, std::size_t top);

}  // namespace gapwright
