// SPDX-License-Identifier: MIT
// The row of sat_to_orthogonal_vectors.
#include "reductions/sat_to_orthogonal_vectors.hpp"

#include "atlas/problems/instance_data.hpp"
#include "atlas/rule.hpp"
#include "reductions/listable.hpp"

namespace gapwright {
namespace {

std::unique_ptr<AnyReduction> listing(const AnyInstance& source, const RuleOptions& options) {
  const Cnf& cnf = source.as<Dimacs>().cnf;
  check_listable(cnf, options.order);
  SatToOrthogonalVectors rule(cnf, options.order);
  check_memory(options.limits, "the k-OV instance", rule.target_bytes());
  return std::make_unique<ErasedReduction<SatToOrthogonalVectors>>(
      source, std::move(rule), any_vectors, bits_of_vectors,
      ErasedReduction<SatToOrthogonalVectors>::Told{{}, {{"order", std::to_string(options.order)}}});
}

}  // namespace

std::vector<Rule> sat_to_orthogonal_vectors_rules() {
  return {{.name = "sat_to_orthogonal_vectors",
           .source = "cnf",
           .target = "orthogonal-vectors",
           .theorem = "split and list [Wil05]: models and orthogonal tuples are in bijection; any k >= 2",
           .size_law = "sum_u 2^(variables of group u) vectors of max(M, 1) bits",
           .gap = "product 0 against at least 1",
           .preserves = "witnesses both ways, their number, decision",
           .proof = "docs/reductions.md, 1",
           .sizes = list_assignments,
           .bijective = true,
           .make = listing}};
}

}  // namespace gapwright
