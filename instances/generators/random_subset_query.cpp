// SPDX-License-Identifier: MIT
#include "instances/generators/random_subset_query.hpp"

#include <stdexcept>

#include "instances/generators/exact_coin.hpp"
#include "instances/zeros.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kSetsPerFamily = std::uint64_t{1} << 56;  // streams: family, then set

BitMatrix drawn(std::size_t sets, std::size_t universe, const ExactCoin& coin, std::uint64_t seed, std::uint64_t family,
                const RunControl& control) {
  BitMatrix bits = zero_bits(sets, universe, control);
  for (std::size_t r = 0; r < sets; ++r) {
    Random random(seed, family * kSetsPerFamily + r);
    for (std::size_t c = 0; c < universe; ++c) {
      if (c % 65536 == 0) control.check();
      if (coin.toss(random)) bits.set(r, c);
    }
  }
  return bits;
}

/// Draws the pair anew until each element is in both, in the outer set alone, or in neither.
SubsetQuery::Witness plant(SubsetQuery& query, const ExactCoin& inner, const ExactCoin& outer, std::uint64_t seed) {
  Random random(seed, 2 * kSetsPerFamily);
  SubsetQuery::Witness pair{random.below(query.inner.rows), random.below(query.outer.rows)};
  for (std::size_t c = 0; c < query.inner.columns; ++c) {
    bool in = true, out = false;
    while (in && !out) {
      in = inner.toss(random);
      out = outer.toss(random);
    }
    query.inner.set(pair[0], c, in);
    query.outer.set(pair[1], c, out);
  }
  return pair;
}

}  // namespace

RandomSubsetQuery random_subset_query(const RandomSubsetQueryRequest& request, const RunControl& control) {
  if (request.inner == 0 || request.outer == 0 || request.universe == 0)
    throw std::invalid_argument("a family has no set, or the universe no element; all three numbers are at least 1");
  if (request.plant && request.inner_density == 1 && request.outer_density == 0)
    throw std::invalid_argument("full sets are contained in no empty set, so no pair can be planted; change a density");
  const ExactCoin inner(request.inner_density), outer(request.outer_density);
  RandomSubsetQuery made;
  made.query.inner = drawn(request.inner, request.universe, inner, request.seed, 0, control);
  made.query.outer = drawn(request.outer, request.universe, outer, request.seed, 1, control);
  if (request.plant) made.planted = plant(made.query, inner, outer, request.seed);
  return made;
}

mpz_class subset_query_bytes(const RandomSubsetQueryRequest& request) {
  return (mpz_class(request.inner) + request.outer) * ((mpz_class(request.universe) + 63) / 64) * 8;
}

}  // namespace gapwright
