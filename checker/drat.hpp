// SPDX-License-Identifier: MIT
#pragma once
#include <string_view>

#include "checker/clock.hpp"
#include "checker/dimacs.hpp"

namespace checker {

/// What a proof showed.
struct ProofSize {
  std::size_t added = 0, deleted = 0;
  std::size_t unread = 0;  ///< bytes at the end that were not needed
};

/// Checks a DRAT proof of unsatisfiability, in text or binary form, as far as it is needed: up to the first conflict by propagation.
/// Throws Rejected naming the line (byte) that does not follow, or when no empty clause does; BadInput for what is not a proof; Limit
/// for time.
ProofSize check_drat(const Formula& formula, std::string_view proof, const Clock& clock);

}  // namespace checker
