// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <vector>

#include "support/run_control.hpp"

namespace gapwright {

/// Tails of the binomial distribution of `trials` trials of success probability p, 0 < p < 1, as upper bounds within a factor
/// 1 + 2^-40 of the truth (128-bit floating point with a counted error).
class BinomialTails {
 public:
  /// Throws std::invalid_argument for p outside (0, 1) and more than 2^24 trials.
  BinomialTails(std::uint64_t trials, const mpq_class& p, const RunControl& control = {});
  mpf_class at_least(std::uint64_t count) const;  ///< P(X >= count)
  mpf_class at_most(std::uint64_t count) const;   ///< P(X <= count)

 private:
  std::vector<mpf_class> at_least_, at_most_;  // summed from the far end, so that small tails keep their digits
};

/// Bytes that the tails of so many trials take.
mpz_class tail_bytes(std::uint64_t trials);

}  // namespace gapwright
