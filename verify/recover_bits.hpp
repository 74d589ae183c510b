// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>

#include "instances/attention.hpp"

namespace gapwright {

/// The bit form of an input whose entries in each of q, k_1, ... are all 0 or plus or minus the entry bound with one sign per matrix,
/// and whose values are one column of zeros and ones; else the reason why there is none.
struct RecoveredBits {
  std::optional<BitAttention> bits;
  std::string reason;
};
RecoveredBits recover_bits(const Attention&);

}  // namespace gapwright
