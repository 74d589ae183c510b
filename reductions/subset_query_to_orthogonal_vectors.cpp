// SPDX-License-Identifier: MIT
// Subset query to 2-OV: x_0 lists the inner sets, x_1 the complements of the outer sets.
//
// Yes maps to yes: if a is contained in b, no element of a is in the complement of b, so their product is 0 in every coordinate.
//
// No maps to no: if a is not contained in b, some element of a is missing in b, so it is in the complement, and the product is 1 there.
// Both hold pair by pair, so witnesses are the same pairs of indices, and their numbers agree.
//
// Size: n inner and m outer sets over u elements become n + m vectors of u bits, exactly.
//
// Example: inner {1}, {1, 3}; outer {1, 2} over {1, 2, 3}. x_0 = 100, 101; x_1 = 001. The pair (0, 0) is orthogonal, and {1} is contained in
// {1, 2}; the pair (1, 0) has product 001, and 3 is missing in {1, 2}.
#include "reductions/subset_query_to_orthogonal_vectors.hpp"

#include <stdexcept>

#include "instances/complement.hpp"

namespace gapwright {

Guarantee SubsetQueryToOrthogonalVectors::guarantee() const {
  return {"subset query to 2-OV by complements: contained iff orthogonal, pair by pair", 1,
          (mpz_class(query_.inner.rows) + query_.outer.rows) * query_.inner.columns, 1, 0};
}

OrthogonalVectors SubsetQueryToOrthogonalVectors::target(const mpz_class& i, const RunControl& control) const {
  if (i != 0) throw std::invalid_argument("subset query to 2-OV has the one target 0, not " + i.get_str());
  return {query_.inner.columns, {query_.inner, complement(query_.outer, control)}, query_.made_by};
}

SubsetQuery::Witness SubsetQueryToOrthogonalVectors::pull(const mpz_class& i, const OrthogonalVectors::Witness& pair) const {
  if (i != 0 || pair.size() != 2) throw std::invalid_argument("the witness is not a pair");
  return pair;
}

std::vector<LiftStep> SubsetQueryToOrthogonalVectors::lift() const {
  return {identity_lift("subset-query -> orthogonal-vectors", {query_.inner.rows, query_.outer.rows})};
}

static_assert(Reduction<SubsetQueryToOrthogonalVectors>);

void keep_set_sizes(InstanceSizes&, const SizeStep&) {}

}  // namespace gapwright
