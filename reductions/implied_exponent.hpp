// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstddef>

namespace gapwright {

/// The exponents of implied lower bounds. An algorithm for the last problem in time n^exponent per instance gives one for the
/// first in (brute force)^(1 - saving), n the largest set; with Merlin's messages, n^messages of them, the exponent must be
/// smaller by `messages`.
struct ImpliedExponent {
  mpq_class asymptotic;  ///< k (1 - saving)
  mpq_class finite;      ///< at N variables, where n = 2^ceil(N/k): (1 - saving) N / ceil(N/k); 0 without N
};
ImpliedExponent implied_exponent(std::size_t order, const mpq_class& saving, std::size_t variables);

}  // namespace gapwright
