// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "attention/exact.hpp"
#include "instances/attention.hpp"
#include "reductions/reduction.hpp"
#include "verify/attention_counts.hpp"
#include "verify/recover_bits.hpp"

namespace gapwright {

/// The oracles that every attention input of 0/B entries must pass, whichever rule wrote it.
///   terms      the thresholds are the guarantee's, in order; B and the scale are finite and positive
///   verdict    deciding by the decisive tuples gives the answer, and its witness pulls back
///   histogram  so does deciding by all inner products; outputs from counts and in balls overlap, and both are tight
///   balls      so does plain softmax in balls
///   float      exact attention in float64 and float32 keeps its stated error
///   recovery   the bits are recovered from the written entries
inline const std::vector<std::string> kAttentionOracles{"terms", "verdict", "histogram", "balls", "float", "recovery"};

/// Corrupts what the deciders say: the oracles must notice a broken decider as well as a broken rule.
struct AttentionTamper {
  std::function<void(Verdict&)> verdict = {}, balls = {};  ///< of the decisive tuples, of plain softmax
  std::function<void(ExactAttention&)> exact = {};
  std::function<void(RecoveredBits&)> recovered = {};
};

/// Those broken by `a`, whose right answer is `answer`; `good` says whether a witness pulls back to one of the source.
std::vector<std::string> broken_attention_oracles(const BitAttention& a, const Guarantee& guarantee, bool answer,
                                                  const std::function<bool(const BitAttention::Witness&)>& good,
                                                  const AttentionTamper& tamper = {});

}  // namespace gapwright
