#pragma once
#include <map>
#include <string>

#include "explore/challenge.hpp"

// Challenge inputs and outputs as safetensors files.
namespace gapwright {

struct ChallengeLayout {
  bool four_axes = false;  ///< tensors of shape (1, 1, rows, columns): batch, head, row, column
};

/// q, k1, ..., v1, ... in the entry type; metadata order, softmax_scale, entry_bound, causal ("true" or "false"), and `more`.
void write_challenge_input(const std::string& path, const ChallengeInput&, const ChallengeLayout&, std::map<std::string, std::string> more = {});

/// The tensor `out` of a file an algorithm wrote, of shape (rows, columns) or (1, 1, rows, columns), F64, F32, F16 or BF16; metadata `seconds`, if
/// there, is own_seconds. Never throws: what is missing, unreadable, too large or of another shape or type is a failed answer with the reason.
AlgorithmAnswer read_challenge_output(const std::string& path, const ChallengeInput&);

}  // namespace gapwright
