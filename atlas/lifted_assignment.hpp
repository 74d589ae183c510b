// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "reductions/listed_rows.hpp"
#include "verify/certificate.hpp"

namespace gapwright {

/// The assignment that a yes witness (one index per set, the row first) of an instance made from this formula lifts to, through
/// split and list. `name` and `sha256` are the formula's, for messages and for the certificate. Throws BadInstance when the
/// instance's sets are not the formula's, or when the assignment does not satisfy it.
LiftedAssignment lifted_assignment(const Cnf& cnf, const std::string& name, const std::string& sha256, const ListedRows& listed,
                                   const std::vector<std::size_t>& witness);

}  // namespace gapwright
