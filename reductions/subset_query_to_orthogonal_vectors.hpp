// SPDX-License-Identifier: MIT
#pragma once
#include "instances/orthogonal_vectors.hpp"
#include "instances/subset_query.hpp"
#include "reductions/instance_sizes.hpp"
#include "reductions/reduction.hpp"

namespace gapwright {

/// Subset query to 2-OV. Measured quantity: the number of orthogonal pairs.
class SubsetQueryToOrthogonalVectors {
 public:
  using Source = SubsetQuery;
  using Target = OrthogonalVectors;

  /// The query must be well formed and outlive the rule.
  explicit SubsetQueryToOrthogonalVectors(const SubsetQuery& query) : query_(query) {}

  Guarantee guarantee() const;
  OrthogonalVectors target(const mpz_class& i, const RunControl& control = {}) const;
  std::pair<mpz_class, OrthogonalVectors::Witness> push(const SubsetQuery::Witness& pair) const { return {0, pair}; }
  SubsetQuery::Witness pull(const mpz_class& i, const OrthogonalVectors::Witness& pair) const;
  std::vector<LiftStep> lift() const;

 private:
  const SubsetQuery& query_;
};

/// The law of its sizes: they stay.
void keep_set_sizes(InstanceSizes&, const SizeStep&);

}  // namespace gapwright
