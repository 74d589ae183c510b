// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>

#include "support/philox.hpp"

namespace gapwright {

/// A coin that shows heads with exactly this rational probability: the binary expansion of a uniform real is drawn 32 bits at a
/// time until it differs from that of the probability. Takes one word but for one toss in 2^32.
class ExactCoin {
 public:
  /// Throws std::invalid_argument unless 0 <= probability <= 1.
  explicit ExactCoin(const mpq_class& probability);
  bool toss(Random& random) const {
    const std::uint32_t word = random.word();
    return word == first_ ? later_words(random) : word < first_;
  }

 private:
  bool later_words(Random& random) const;
  std::uint64_t first_;  ///< floor(2^32 probability)
  mpq_class rest_;       ///< 2^32 probability - first_
};

}  // namespace gapwright
