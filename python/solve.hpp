// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/solve.hpp"
#include "python/instances.hpp"
#include "python/watched.hpp"

namespace gapwright::python {

/// The request on this formula, answered. Throws std::invalid_argument for an order out of range too, and std::runtime_error for an answer that is
/// contradicted.
SolveResult solved(const Formula& formula, SolveRequest request, const Pace& pace);

}  // namespace gapwright::python
