// SPDX-License-Identifier: MIT
#pragma once
#include "instances/attention.hpp"
#include "instances/vocabulary.hpp"

namespace gapwright {

/// What an attention input says of the embedding that made it.
template <class Computed>
AttentionTerms embedding_terms(const Computed& e, Embedding kind, const Provenance& made_by) {
  AttentionTerms terms;
  terms.softmax_scale = e.softmax_scale;
  terms.entry_bound = e.entry_bound;
  terms.yes_at_least = e.yes_at_least;
  terms.no_at_most = e.no_at_most;
  terms.embedding = embedding_text(kind, e.centred);
  terms.made_by = made_by;
  return terms;
}

}  // namespace gapwright
