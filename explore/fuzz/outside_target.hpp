// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "explore/fuzz/stated.hpp"
#include "instances/attention_witness.hpp"
#include "instances/files/input_file.hpp"
#include "instances/lift.hpp"
#include "support/run_control.hpp"

// A small instance that somebody else's program wrote, decided by the independent routes.
namespace gapwright {

enum class TargetSide { yes, no, outside_promise, undecided };
std::string side_text(TargetSide);

struct OutsideTarget {
  TargetSide side = TargetSide::undecided;
  std::string reason;                     ///< of outside_promise and undecided
  std::vector<WitnessNumbers> witnesses;  ///< all of them, in lexicographic order; empty when undecided
  std::optional<bool> expected;           ///< the answer that the file states
  std::string misstatement;               ///< what else it states of itself and is not so (stated.hpp); empty: nothing
  TargetRows rows;
};

/// At most this many tuples, or `most_tuples` if that is less, are decided; beyond, the target is undecided.
inline constexpr std::uint64_t kMostOutsideTuples = std::uint64_t{1} << 18;

/// The file as an instance of the problem ("orthogonal-vectors", "gap-max-ip", "attention") and order.
/// orthogonal-vectors: every tuple, and the scoring kernels. gap-max-ip: every tuple, and the kernels. attention: outputs of
/// every row in balls, and from counts of inner products where entries are bits; precision doubles until both thresholds are on
/// one side, and a threshold still met at the last precision counts as attained. Throws BadInstance for another problem or order,
/// missing thresholds, and what the readers refuse; std::logic_error when two routes disagree. Attention meant under a causal mask is
/// undecided.
OutsideTarget judge_outside_target(const InputFile& input, const std::string& problem, std::size_t order,
                                   const AttentionWitness& rule, const RunControl& control = {},
                                   std::uint64_t most_tuples = kMostOutsideTuples);

}  // namespace gapwright
