// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "verify/certificate.hpp"

namespace gapwright {

/// The assignment that a yes witness (one index per set, the row first) of an instance made from this formula lifts to, through
/// split and list; nothing without a witness. `name` and `sha256` are the formula's, for messages and for the certificate. Throws
/// BadInstance when it does not satisfy the formula.
std::optional<LiftedAssignment> lifted_assignment(const Cnf& cnf, const std::string& name, const std::string& sha256,
                                                  const std::optional<std::vector<std::size_t>>& witness);

}  // namespace gapwright
