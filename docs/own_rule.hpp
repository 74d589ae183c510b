// SPDX-License-Identifier: MIT
#pragma once
#include "instances/orthogonal_vectors.hpp"
#include "reductions/reduction.hpp"
#include "support/errors.hpp"

namespace gapwright {

/// Two-set cover: do some set of one family and some set of another together cover the universe? Sets are rows of bits over it.
struct TwoSetCover {
  using Witness = std::vector<std::size_t>;  ///< a row of `first`, a row of `second`
  BitMatrix first, second;
};

inline bool accepts(const TwoSetCover& s, const TwoSetCover::Witness& w) {
  if (w.size() != 2 || w[0] >= s.first.rows || w[1] >= s.second.rows) return false;
  for (std::size_t c = 0; c < s.first.columns; ++c)
    if (!s.first.get(w[0], c) && !s.second.get(w[1], c)) return false;
  return true;
}

/// Two-set cover to 2-OV: x_0 and x_1 = the complements of the sets. a and b cover the universe iff no element is missing in both,
/// that is, iff their complements share no element, so witnesses are the same pairs. Measured quantity: the number of orthogonal pairs.
class TwoSetCoverToOrthogonalVectors {
 public:
  using Source = TwoSetCover;
  using Target = OrthogonalVectors;

  /// The source must outlive the rule.
  explicit TwoSetCoverToOrthogonalVectors(const TwoSetCover& s) : source_(s) {
    if (s.first.columns != s.second.columns) throw BadInstance("two-set cover: the two families have different universes");
  }

  /// Known before anything is built.
  Guarantee guarantee() const {
    return {"two-set cover to 2-OV", 1, mpz_class(source_.first.rows + source_.second.rows) * source_.first.columns, 1, 0};
  }
  OrthogonalVectors target(const mpz_class&) const {
    return {source_.first.columns, {complement(source_.first), complement(source_.second)}, {}};
  }
  std::pair<mpz_class, OrthogonalVectors::Witness> push(const TwoSetCover::Witness& w) const { return {0, w}; }
  TwoSetCover::Witness pull(const mpz_class&, const OrthogonalVectors::Witness& t) const { return t; }
  std::vector<LiftStep> lift() const {
    return {identity_lift("two-set-cover -> orthogonal-vectors", {source_.first.rows, source_.second.rows})};
  }

 private:
  static BitMatrix complement(const BitMatrix& sets) {
    BitMatrix other(sets.rows, sets.columns);
    for (std::size_t r = 0; r < sets.rows; ++r)
      for (std::size_t c = 0; c < sets.columns; ++c) other.set(r, c, !sets.get(r, c));
    return other;
  }

  const TwoSetCover& source_;
};

}  // namespace gapwright
