// SPDX-License-Identifier: MIT
// 2-OV to subset query: the inner sets are the vectors of x_0, the outer sets the complements of those of x_1; element c is coordinate c.
//
// Yes maps to yes: if x_0[i] and x_1[j] are orthogonal, no coordinate is 1 in both, so every element of the inner set i is missing in x_1[j] and
// stands in its complement, the outer set j.
//
// No maps to no: if some coordinate is 1 in both, the inner set i has an element that the outer set j has not.
// Both hold pair by pair, so witnesses are the same pairs of indices, and their numbers agree.
//
// Size: n + m vectors of d bits become n inner and m outer sets over d elements, exactly. A universe has an element: for d = 0, where every pair is
// orthogonal, there is one that no inner set has. An empty set of vectors makes no family.
//
// Example: x_0 = 100, 101; x_1 = 001. Inner {1}, {1, 3}; outer {1, 2}. The pair (0, 0) is orthogonal, and {1} is contained in {1, 2}; the pair
// (1, 0) has product 001, and 3 is missing in {1, 2}.
#include "reductions/orthogonal_vectors_to_subset_query.hpp"

#include <algorithm>
#include <stdexcept>

#include "instances/complement.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

std::size_t elements(const OrthogonalVectors& vectors) { return std::max<std::size_t>(vectors.dimension, 1); }

}  // namespace

OrthogonalVectorsToSubsetQuery::OrthogonalVectorsToSubsetQuery(const OrthogonalVectors& vectors) : vectors_(vectors) {
  check_two_sets(vectors.sets.size());
  for (const BitMatrix& set : vectors.sets)
    if (set.rows == 0) throw BadInstance("a set is empty, so the answer is no before any reduction");
}

Guarantee OrthogonalVectorsToSubsetQuery::guarantee() const {
  return {"2-OV to subset query by complements: orthogonal iff contained, pair by pair", 1,
          (mpz_class(vectors_.sets[0].rows) + vectors_.sets[1].rows) * elements(vectors_), 1, 0};
}

SubsetQuery OrthogonalVectorsToSubsetQuery::target(const mpz_class& i, const RunControl& control) const {
  if (i != 0) throw std::invalid_argument("2-OV to subset query has the one target 0, not " + i.get_str());
  if (vectors_.dimension > 0) return {vectors_.sets[0], complement(vectors_.sets[1], control), vectors_.made_by};
  const BitMatrix outer(vectors_.sets[1].rows, 1);
  return {BitMatrix(vectors_.sets[0].rows, 1), complement(outer), vectors_.made_by};
}

OrthogonalVectors::Witness OrthogonalVectorsToSubsetQuery::pull(const mpz_class& i, const SubsetQuery::Witness& pair) const {
  if (i != 0 || pair.size() != 2) throw std::invalid_argument("the witness is not a pair");
  return pair;
}

std::vector<LiftStep> OrthogonalVectorsToSubsetQuery::lift() const {
  return {identity_lift("orthogonal-vectors -> subset-query", {vectors_.sets[0].rows, vectors_.sets[1].rows})};
}

static_assert(Reduction<OrthogonalVectorsToSubsetQuery>);

void check_two_sets(std::size_t sets) {
  if (sets != 2) throw std::invalid_argument("subset query has two families, and these are " + std::to_string(sets) + " sets");
}

mpz_class query_bits(const SubsetQuery& query) { return (mpz_class(query.inner.rows) + query.outer.rows) * query.inner.columns; }

void make_two_families(InstanceSizes& sizes, const SizeStep&) {
  check_two_sets(sizes.set_sizes.size());
  sizes.dimension = std::max<mpz_class>(sizes.dimension, 1);
  sizes.bits = (sizes.set_sizes[0] + sizes.set_sizes[1]) * sizes.dimension;
}

}  // namespace gapwright
