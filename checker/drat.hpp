#pragma once
#include <string_view>

#include "checker/clock.hpp"
#include "checker/dimacs.hpp"

namespace checker {

/// What a proof showed.
struct ProofSize {
  std::size_t added = 0, deleted = 0;
};

/// Checks a DRAT proof of unsatisfiability in text form: lines of literals ending in 0, "d" before those that delete a clause.
/// Throws Rejected naming the line that does not follow, or when no empty clause does; BadInput for what is not a proof; Limit
/// for time.
ProofSize check_drat(const Formula& formula, std::string_view proof, const Clock& clock);

}  // namespace checker
