// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <vector>

#include "support/run_control.hpp"

namespace gapwright {

/// What Phi and the symbols are at a coin, which decides how the characters gadget expands party 0's predicate there.
enum class CoinKind { systematic, zero, nonzero };  ///< in the information set; Phi = 0 outside of it; Phi != 0

/// Real coordinates of one weight.
struct WeightClass {
  mpz_class coordinates;
  mpq_class weight_squared;
};

/// The real coordinates of the characters gadget at one coin, by weight, in closed form (docs/reductions.md, Theorem R11): nothing is expanded.
/// field_size is a prime power, blocks >= 1, parties >= 2.
std::vector<WeightClass> character_weights(CoinKind kind, std::uint64_t field_size, std::size_t blocks, std::size_t parties,
                                           const RunControl& control = {});

/// Number of coordinates of these classes.
mpz_class coordinate_count(const std::vector<WeightClass>& classes);

/// ceil(sqrt(weight_squared) / mu), exactly; mu > 0: how often a coordinate of this weight is repeated.
mpz_class repetitions(const mpq_class& weight_squared, const mpq_class& mu);

}  // namespace gapwright
