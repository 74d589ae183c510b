// SPDX-License-Identifier: MIT
// The row of orthogonal_vectors_to_subset_query.
#include "reductions/orthogonal_vectors_to_subset_query.hpp"

#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/subset_query_data.hpp"
#include "atlas/rule.hpp"
#include "reductions/written_sizes.hpp"

namespace gapwright {
namespace {

AnyInstance any_query(SubsetQuery query) { return {problem_row("subset-query"), SubsetQueryData{std::move(query), {}}}; }

mpz_class bits_of_query(const AnyInstance& instance) { return query_bits(instance.as<SubsetQueryData>().query); }

std::unique_ptr<AnyReduction> subset_query_of(const AnyInstance& source, const RuleOptions& options) {
  const OrthogonalVectors& vectors = source.as<OrthogonalVectorsFile>().vectors;
  OrthogonalVectorsToSubsetQuery rule(vectors);
  check_memory(options.limits, "the subset query", packed_bytes(vectors.sets));
  return std::make_unique<ErasedReduction<OrthogonalVectorsToSubsetQuery>>(source, rule, any_query, bits_of_query);
}

}  // namespace

std::vector<Rule> orthogonal_vectors_to_subset_query_rules() {
  return {{.name = "orthogonal_vectors_to_subset_query",
           .source = "orthogonal-vectors",
           .target = "subset-query",
           .theorem = "complements: the vectors of x_0 and the complements of those of x_1; orthogonal iff contained; k = 2",
           .size_law = "n + m sets over max(d, 1) elements, of n + m vectors in dimension d",
           .gap = "an element missing in the outer set, or none",
           .preserves = "witnesses both ways, their number, decision",
           .proof = "reductions/orthogonal_vectors_to_subset_query.cpp",
           .sizes = make_two_families,
           .bijective = true,
           .make = subset_query_of}};
}

}  // namespace gapwright
