// SPDX-License-Identifier: MIT
#pragma once
#include "instances/orthogonal_vectors.hpp"
#include "reductions/reduction.hpp"
#include "support/errors.hpp"

namespace gapwright {

/// Subset query: is some set of one family contained in some set of another? Sets are rows of bits over a common universe.
struct SubsetQuery {
  using Witness = std::vector<std::size_t>;  ///< a row of `inner`, a row of `outer`
  BitMatrix inner, outer;
};

inline bool accepts(const SubsetQuery& s, const SubsetQuery::Witness& w) {
  if (w.size() != 2 || w[0] >= s.inner.rows || w[1] >= s.outer.rows) return false;
  for (std::size_t c = 0; c < s.inner.columns; ++c)
    if (s.inner.get(w[0], c) && !s.outer.get(w[1], c)) return false;
  return true;
}

/// Subset query to 2-OV: x_0 = the inner sets, x_1 = the complements of the outer sets. a is a subset of b iff a and the
/// complement of b share no element, so witnesses are the same pairs. Measured quantity: the number of orthogonal pairs.
class SubsetQueryToOrthogonalVectors {
 public:
  using Source = SubsetQuery;
  using Target = OrthogonalVectors;

  /// The query must outlive the rule.
  explicit SubsetQueryToOrthogonalVectors(const SubsetQuery& s) : source_(s) {
    if (s.inner.columns != s.outer.columns) throw BadInstance("subset query: the two families have different universes");
  }

  /// Known before anything is built.
  Guarantee guarantee() const {
    return {"subset query to 2-OV", 1, mpz_class(source_.inner.rows + source_.outer.rows) * source_.inner.columns, 1, 0};
  }
  OrthogonalVectors target(const mpz_class&) const {
    BitMatrix complements(source_.outer.rows, source_.outer.columns);
    for (std::size_t j = 0; j < complements.rows; ++j)
      for (std::size_t c = 0; c < complements.columns; ++c) complements.set(j, c, !source_.outer.get(j, c));
    return {source_.inner.columns, {source_.inner, complements}, {}};
  }
  std::pair<mpz_class, OrthogonalVectors::Witness> push(const SubsetQuery::Witness& w) const { return {0, w}; }
  SubsetQuery::Witness pull(const mpz_class&, const OrthogonalVectors::Witness& t) const { return t; }

 private:
  const SubsetQuery& source_;
};

}  // namespace gapwright
