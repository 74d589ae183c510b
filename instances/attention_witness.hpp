// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>

namespace gapwright {

/// When a tuple of an attention input is a witness: all its values v_u[j_u, 0] are 1, and
/// unit * sum_c q[i, c] k_1[j_1, c] ... / B^k is at least `least` - 1/2, or, when that is empty, at most 1/2 in absolute value
/// (the direct embedding: orthogonal).
struct AttentionWitness {
  double unit = 1;
  std::optional<std::int64_t> least;
  bool operator==(const AttentionWitness&) const = default;
};

}  // namespace gapwright
