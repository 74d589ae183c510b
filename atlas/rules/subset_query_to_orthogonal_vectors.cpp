// SPDX-License-Identifier: MIT
// The row of subset_query_to_orthogonal_vectors.
#include "reductions/subset_query_to_orthogonal_vectors.hpp"

#include "atlas/problems/instance_data.hpp"
#include "atlas/problems/subset_query_data.hpp"
#include "atlas/rule.hpp"
#include "verify/contained_pair.hpp"

namespace gapwright {
namespace {

std::unique_ptr<AnyReduction> complements(const AnyInstance& source, const RuleOptions& options) {
  const SubsetQuery& query = source.as<SubsetQueryData>().query;
  check_memory(options.limits, "the k-OV instance", decision_bytes(query));
  return std::make_unique<ErasedReduction<SubsetQueryToOrthogonalVectors>>(source, SubsetQueryToOrthogonalVectors(query),
                                                                           any_vectors, bits_of_vectors);
}

}  // namespace

std::vector<Rule> subset_query_to_orthogonal_vectors_rules() {
  return {{.name = "subset_query_to_orthogonal_vectors",
           .source = "subset-query",
           .target = "orthogonal-vectors",
           .theorem = "complements: the inner sets and the complements of the outer sets; contained iff orthogonal; k = 2",
           .size_law = "n + m vectors of u bits, of n inner and m outer sets over u elements",
           .gap = "product 0 against at least 1",
           .preserves = "witnesses both ways, their number, decision",
           .proof = "reductions/subset_query_to_orthogonal_vectors.cpp",
           .sizes = keep_set_sizes,
           .bijective = true,
           .make = complements}};
}

}  // namespace gapwright
