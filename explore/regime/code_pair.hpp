// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "explore/regime/hard_pair.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/generators/matched_vectors.hpp"

// A matched k-OV pair through the protocol of a code.
namespace gapwright {

/// The honest Merlin's message to the yes instance, and his best reply to the same tuple in the no instance.
struct CodePair {
  FactoredGapMaxIp yes, no;
  std::vector<std::size_t> tuple;  ///< orthogonal in the yes instance, whose message makes it reach t = L
};
CodePair code_pair(const VectorPair& vectors, std::size_t dimension, const ProtocolShape& shape, const RunControl& = {});

/// All tuples' accepting coins, as attention under "sharp" sees them: data tuples by accepting coins, mixed tuples at 0, the
/// tuple of all pads at t = L. gamma = B^k softmax_scale multiplies the number of coins.
CountedRows counted_rows(const CodePair&, double softmax_scale, const RunControl&);

/// The way by boxes of least B, over Reed-Solomon, Hermitian and tower codes.
std::optional<PlanPoint> least_boxes(Planner&, std::size_t dimension);

}  // namespace gapwright
