// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <vector>

#include "instances/attention.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

namespace gapwright {

/// How many rows of each set of an instance can stand for the vectors that split and list makes of a formula.
struct ListedRows {
  std::vector<std::size_t> vectors;  ///< of attention: the queries, then the keys of value 1, which come first
  std::vector<std::size_t> rows;     ///< with the other keys
  bool in_order = true;              ///< no key of value 1 comes after another
  /// Of attention, whose sets may repeat their vectors until all are as large as the largest: whether rows i and j of set u are the same.
  std::function<bool(std::size_t u, std::size_t i, std::size_t j)> same = {};
};

ListedRows listed_rows(const OrthogonalVectors&);
ListedRows listed_rows(const GapMaxIp&);
ListedRows listed_rows(const RealGapMaxIp&);
ListedRows listed_rows(const FactoredGapMaxIp&);
ListedRows listed_rows(const Attention&);  ///< which must outlive the result

/// The vectors of the formula that these rows stand for. Throws BadInstance, without a place, when the instance's sets are not the formula's:
/// then a certificate that leads back to it would be refused.
OrthogonalVectors::Witness vectors_of_rows(const SatToOrthogonalVectors& rule, const ListedRows& listed,
                                           const std::vector<std::size_t>& witness);

}  // namespace gapwright
