// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>

#include "instances/cnf.hpp"
#include "instances/orthogonal_vectors.hpp"

// Answers by the definition, for small instances: the oracles that everything faster is held against.
namespace gapwright {

/// All assignments of a formula. Throws std::invalid_argument above 30 variables.
struct CnfCensus {
  std::uint64_t models = 0;
  std::size_t fewest_violated = 0;  ///< over all assignments
  std::optional<Cnf::Witness> model;
};
CnfCensus enumerate_assignments(const Cnf&);

/// All tuples of a k-OV instance. Throws std::invalid_argument above 2^30 tuples.
struct OrthogonalCensus {
  std::uint64_t orthogonal = 0;
  std::optional<OrthogonalVectors::Witness> first;  ///< lexicographically
};
OrthogonalCensus enumerate_tuples(const OrthogonalVectors&);

}  // namespace gapwright
