// SPDX-License-Identifier: MIT
// In: the sizes of a formula's direct embedding. Out: nothing, or LimitReached. atlas/solve and atlas/reduce call.
#include "atlas/direct_sizes.hpp"

#include <fmt/format.h>

#include "reductions/pipeline.hpp"
#include "reductions/written_sizes.hpp"
#include "support/message.hpp"

namespace gapwright {

void check_direct_sizes(const DirectEmbedding& e, const std::string& what, const Limits& limits) {
  const std::string at = fmt::format("{} at k = {} (n_0 = {}, {} per row)", what, e.order(), size_text(e.set_sizes[0]),
                                     counted(count_text(e.main_tuples), "key"));
  check_memory(limits, at, decision_bytes(e));
  check_tuples(limits, at, tuples_of(e), e.vector_dimension);
}

}  // namespace gapwright
