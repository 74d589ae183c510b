// SPDX-License-Identifier: MIT
#pragma once
#include <variant>

#include "atlas/problem.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/instance_files.hpp"

// What instances of the problems with readers of their own hold.
namespace gapwright {

/// What an instance of attention holds: an input as its file gives it, or as bits, as rules make it.
using AttentionData = std::variant<Attention, BitAttention>;

// What rules make, as instances.
AnyInstance any_vectors(OrthogonalVectors vectors);
mpz_class bits_of_vectors(const AnyInstance& vectors);  ///< of all sets

}  // namespace gapwright
