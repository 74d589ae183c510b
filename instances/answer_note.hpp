// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace gapwright {

/// "expected: satisfiable (planted)": the comment by which a generated formula tells its answer.
inline std::string answer_note(bool satisfiable, const std::string& reason = "") {
  return std::string("expected: ") + (satisfiable ? "satisfiable" : "unsatisfiable") +
         (reason.empty() ? "" : " (" + reason + ")");
}

}  // namespace gapwright
