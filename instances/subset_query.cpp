// SPDX-License-Identifier: MIT
#include "instances/subset_query.hpp"

#include <string>

#include "support/errors.hpp"

namespace gapwright {

bool accepts(const SubsetQuery& query, const SubsetQuery::Witness& pair) {
  if (pair.size() != 2 || pair[0] >= query.inner.rows || pair[1] >= query.outer.rows) return false;
  for (std::size_t c = 0; c < query.inner.columns; ++c)
    if (query.inner.get(pair[0], c) && !query.outer.get(pair[1], c)) return false;
  return true;
}

void check_well_formed(const SubsetQuery& query) {
  if (query.inner.rows == 0 || query.outer.rows == 0) throw BadInstance("a family has no set; a subset query takes two families");
  if (query.inner.columns != query.outer.columns)
    throw BadInstance("the sets of inner are over " + std::to_string(query.inner.columns) + " elements, those of outer over " +
                      std::to_string(query.outer.columns) + "; both families share one universe");
  if (query.inner.columns == 0) throw BadInstance("the universe has no element");
}

}  // namespace gapwright
