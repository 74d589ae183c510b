// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "instances/attention.hpp"

// Results as f32: every number rounded, and what that adds to the bounds of their errors.
namespace gapwright {

/// Rounds every entry to the nearest f32, and returns for each row by how much that moves an entry at most: the largest |x - (float)x|, which f64
/// holds exactly, and which is at most |x| 2^-24 + 2^-150. Throws LimitReached, naming the matrix, for an entry that overflows f32.
std::vector<double> round_to_f32(Matrix& m, const std::string& name);

/// A bound of an error to which at most `moved` is added, rounded up.
double bound_of_moved(double bound, double moved);

}  // namespace gapwright
