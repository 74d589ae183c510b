// SPDX-License-Identifier: MIT
// a is contained in b iff no word of a has a bit that the same word of b has not.
#include "verify/contained_pair.hpp"

namespace gapwright {
namespace {

bool is_contained(std::span<const std::uint64_t> a, std::span<const std::uint64_t> b) {
  for (std::size_t w = 0; w < a.size(); ++w)
    if ((a[w] & ~b[w]) != 0) return false;
  return true;
}

}  // namespace

std::optional<SubsetQuery::Witness> first_contained_pair(const SubsetQuery& query, const RunControl& control) {
  constexpr std::size_t kPairsBetweenLooks = 1 << 16;
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < query.inner.rows; ++i)
    for (std::size_t j = 0; j < query.outer.rows; ++j) {
      if (++pairs % kPairsBetweenLooks == 0) control.check();
      if (is_contained(query.inner.row(i), query.outer.row(j))) return SubsetQuery::Witness{i, j};
    }
  return std::nullopt;
}

mpz_class pairs_of(const SubsetQuery& query) { return mpz_class(query.inner.rows) * query.outer.rows; }

mpz_class decision_bytes(const SubsetQuery& query) {
  return 8 * (mpz_class(query.inner.words.size()) + query.outer.words.size());
}

}  // namespace gapwright
