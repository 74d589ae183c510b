// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>

#include "instances/subset_query.hpp"
#include "support/run_control.hpp"

namespace gapwright {

struct RandomSubsetQueryRequest {
  std::size_t inner = 1, outer = 1;  ///< sets of each family
  std::size_t universe = 1;          ///< elements
  mpq_class inner_density{1, 4}, outer_density{3, 4};
  bool plant = false;
  std::uint64_t seed = 1;
};
struct RandomSubsetQuery {
  SubsetQuery query;
  std::optional<SubsetQuery::Witness> planted;
};

/// Every element is in every set with the density of its family, independently. A planted pair is drawn like all others on the
/// condition that the inner set is contained in the outer one: an element is in (neither, the outer, both) with the weights
/// ((1-p)(1-q), (1-p)q, pq) of densities p and q. Its inner set is lighter and its outer set heavier than others, which shows.
RandomSubsetQuery random_subset_query(const RandomSubsetQueryRequest&, const RunControl& = {});

/// Bytes of memory that the query takes.
mpz_class subset_query_bytes(const RandomSubsetQueryRequest&);

}  // namespace gapwright
