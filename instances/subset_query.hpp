// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <vector>

#include "instances/bit_matrix.hpp"
#include "instances/provenance.hpp"

namespace gapwright {

/// Subset query: is some set of one family contained in some set of another? Sets are rows of bits over a common universe.
struct SubsetQuery {
  using Witness = std::vector<std::size_t>;  ///< a row of `inner`, a row of `outer`: the first set is contained in the second
  BitMatrix inner, outer;
  Provenance made_by;
};

/// True iff the pair is in range and its inner set is contained in its outer set.
bool accepts(const SubsetQuery&, const SubsetQuery::Witness&);

/// Throws BadInstance when a family is empty, the universes differ, or they have no element.
void check_well_formed(const SubsetQuery&);

}  // namespace gapwright
