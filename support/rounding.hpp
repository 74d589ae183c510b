// SPDX-License-Identifier: MIT
#pragma once

namespace gapwright {

/// A factor that lifts a number computed in doubles to at least the true one. The number comes from non-negative numbers by sums and
/// products, no path of operations longer than n, without underflow or overflow. Each operation rounds by a factor of at least 1 - u, u = 2^-53,
/// so the result is at least (1 - u)^n times the true one. upward(n) = 1 + 2 (n + 2) u is rounded once, and so is its product with the
/// result: together at least (1 - u)^(n + 2) (1 + 2 (n + 2) u) >= (1 - x)(1 + 2 x) = 1 + x - 2 x^2 >= 1 with x = (n + 2) u <= 1/2. A fixed
/// 1 + 1e-12 covers no more than some 9,000 operations.
constexpr double upward(double n) { return 1 + 2 * (n + 2) * 0x1p-53; }

}  // namespace gapwright
