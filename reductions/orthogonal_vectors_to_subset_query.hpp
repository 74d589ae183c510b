// SPDX-License-Identifier: MIT
#pragma once
#include "instances/orthogonal_vectors.hpp"
#include "instances/subset_query.hpp"
#include "reductions/instance_sizes.hpp"
#include "reductions/reduction.hpp"

namespace gapwright {

/// 2-OV to subset query. Measured quantity: the number of pairs of which one set is contained in the other.
class OrthogonalVectorsToSubsetQuery {
 public:
  using Source = OrthogonalVectors;
  using Target = SubsetQuery;

  /// The vectors must be well formed and outlive the rule. Throws std::invalid_argument where they have another order than 2, BadInstance
  /// for an empty set.
  explicit OrthogonalVectorsToSubsetQuery(const OrthogonalVectors& vectors);

  Guarantee guarantee() const;
  SubsetQuery target(const mpz_class& i, const RunControl& control = {}) const;
  std::pair<mpz_class, SubsetQuery::Witness> push(const OrthogonalVectors::Witness& pair) const { return {0, pair}; }
  OrthogonalVectors::Witness pull(const mpz_class& i, const SubsetQuery::Witness& pair) const;
  std::vector<LiftStep> lift() const;

 private:
  const OrthogonalVectors& vectors_;
};

/// Throws std::invalid_argument for any other number.
void check_two_sets(std::size_t sets);

/// Of both families.
mpz_class query_bits(const SubsetQuery&);

/// The law of its sizes.
void make_two_families(InstanceSizes&, const SizeStep&);

}  // namespace gapwright
