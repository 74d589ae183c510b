// SPDX-License-Identifier: MIT
#pragma once
#include "instances/lift.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

// The witness maps of the rules as plain data: lifting by the table is `pull`.
namespace gapwright {

LiftStep lift_step(const SatToOrthogonalVectors& rule);

/// Direct embedding: with `square` and `causal` rows are copies of vectors; pads are no witness.
LiftStep lift_step(const DirectEmbedding& embedding);

/// The protocol, its gadgets, and the embeddings of Gap-k-MaxIP keep the indices. `rows`: vectors in each set.
LiftStep identity_lift(const std::string& rule, const std::vector<std::size_t>& rows);

}  // namespace gapwright
