// SPDX-License-Identifier: MIT
#pragma once
#include <map>
#include <string>

#include "explore/challenge/challenge.hpp"

// Challenge inputs and outputs as safetensors files.
namespace gapwright {

struct ChallengeLayout {
  bool four_axes = false;  ///< tensors of shape (1, 1, rows, columns): batch, head, row, column
};

/// q, k1, ..., v1, ... in the entry type; metadata order, softmax_scale, entry_bound, causal ("true" or "false"), and `more`.
void write_challenge_input(const std::string& path, const ChallengeInput&, const ChallengeLayout&,
                           std::map<std::string, std::string> more = {});

/// Names an input by its contents: 16 hexadecimal digits of the SHA-256 of its tensors in the entry type.
std::string content_name(const ChallengeInput&);

/// An algorithm that was run elsewhere: its output for an input is folder/NAME.out.safetensors, NAME by content_name.
Algorithm recorded_outputs(std::string folder);

/// The tensor `out` of a file an algorithm wrote, of shape (rows, columns) or (1, 1, rows, columns), F64, F32, F16 or BF16;
/// metadata `seconds`, if there, is own_seconds. Never throws: what is missing, unreadable, too large or of another shape or type
/// is a failed answer with the reason.
AlgorithmAnswer read_challenge_output(const std::string& path, const ChallengeInput&);

}  // namespace gapwright
