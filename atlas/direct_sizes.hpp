// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/limits.hpp"

namespace gapwright {

/// Refuses to decide a formula on the direct route beyond the limits, from the sizes alone; `what` names it in messages.
void check_direct_sizes(const DirectEmbedding& embedding, const std::string& what, const Limits& limits);

}  // namespace gapwright
