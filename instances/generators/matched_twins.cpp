// SPDX-License-Identifier: MIT
// Matched twins of k-OV (docs/challenge.md, section 2). YES: random vectors with a camouflaged tuple (instances/random_vectors):
// any k - 1 of its members are distributed as if nothing had been planted. With density 1/2 the last member would be a function
// of the others; 7/16 keeps the dimension small and leaves it random. Hashing still finds the tuple: at k = 2 in n^1.19 by bit sampling,
// in n^1.125 by filters (docs/challenge.md). The twins are for algorithms that compute attention.
//
// NO: draw a key set u, two coordinates c and c', and another row b of the set besides the planted row a, all uniformly, and
// condition YES on these bits:
//        at c : a is 0, b is 1, all other members of the planted tuple are 1;
//        at c': a is 1, b is 0, all other key members are 1, the query is 0.
// Exchange the bits of a and b at c and at c'. Every row keeps its sum, and so does every column; the planted tuple now has inner
// product 1 (c alone: at c' row a lost its bit).
//
// Theorem E4 (d). The key sets of YES and of NO, as a pair, have the same law as those of NO and of YES: no test of the keys tells which
// twin is which. Proof. Key bits are independent of density p, before and after conditioning on those at c and c' (any k - 1
// members are). With the keys given, the query has 1 at c with probability P(1 at c | key bits with one 0) = q and 0 at c' with
// probability 1, the key bits there being all 1. So (u, a, b, c, c', keys before, keys after) has the density const * q * P(keys
// before). The exchange leads from (u, a, b, c, c') to (u, a, b, c', c) with the two key sets changed over, keeps the number of
// ones and so P, and at c' and c the conditions on keys are the same ones. []
// (A choice among the places that fit, by a scan or uniformly, weighs draws by what was there to choose from, and shows.)
//
// The tuple has either of the two columns with probability p^(k-1): the bits are set instead of waited for. Its coordinates are
// independent, and so are all bits of other rows, so that this is the conditional law exactly.
//
// Example (k = 2): c = 0, c' = 1, query 10, key rows a = 01, b = 10. Exchanged: a = 10, b = 01: the planted tuple has inner
// product 1. (Here b is orthogonal instead: the caller counts, and draws again.)
#include "instances/generators/matched_twins.hpp"

#include <gmpxx.h>

#include <algorithm>
#include <stdexcept>

#include "support/philox.hpp"

namespace gapwright {
namespace {

constexpr unsigned long kOnes = 7, kAll = 16;  // the density is their quotient

/// A seed of its own for every pair and attempt.
std::uint64_t derived_seed(const MatchedShape& shape) {
  const auto words = philox({static_cast<std::uint32_t>(shape.pair), static_cast<std::uint32_t>(shape.pair >> 32),
                             static_cast<std::uint32_t>(shape.attempt), 7},
                            {static_cast<std::uint32_t>(shape.seed), static_cast<std::uint32_t>(shape.seed >> 32)});
  return (std::uint64_t{words[1]} << 32) | words[0];
}

/// Uniform on 0 .. bound - 1 without `other`.
std::size_t another(Random& random, std::size_t bound, std::size_t other) {
  const std::size_t drawn = random.below(bound - 1);
  return drawn + (drawn >= other);
}

}  // namespace

MatchedVectors matched_vectors(const MatchedShape& shape) {
  if (shape.rows < 2 || shape.dimension < 2)
    throw std::invalid_argument("twins need two rows and two coordinates that exchange their bits");
  RandomSets request;
  request.order = shape.order;
  request.rows = shape.rows;
  request.dimension = shape.dimension;
  request.density = mpq_class(kOnes, kAll);
  request.planting = Planting::camouflaged;
  request.seed = derived_seed(shape);
  RandomOrthogonalVectors drawn = random_orthogonal_vectors(request);
  MatchedVectors twins{std::move(drawn.vectors), {}, *std::move(drawn.planted)};

  Random random(request.seed, ~std::uint64_t{0});
  const std::size_t u = 1 + random.below(shape.order - 1);
  const std::size_t c = random.below(shape.dimension);
  const std::size_t other = another(random, shape.dimension, c);
  const std::size_t a = twins.planted[u], b = another(random, shape.rows, a);
  for (std::size_t w = 0; w < shape.order; ++w) {
    twins.yes.sets[w].set(twins.planted[w], c, w != u);
    twins.yes.sets[w].set(twins.planted[w], other, w != 0);
  }
  twins.yes.sets[u].set(b, c);
  twins.yes.sets[u].set(b, other, false);

  twins.no = twins.yes;
  BitMatrix& set = twins.no.sets[u];
  set.set(a, c);
  set.set(a, other, false);
  set.set(b, c, false);
  set.set(b, other);
  return twins;
}

std::size_t matched_dimension(std::size_t order, std::size_t rows) {
  mpz_class expected = 8, all, kept, place = 1;  // 8 n^k (1 - p^k)^d <= 1, in integers
  for (std::size_t u = 0; u < order; ++u) expected *= rows;
  mpz_ui_pow_ui(all.get_mpz_t(), kAll, order);
  mpz_ui_pow_ui(kept.get_mpz_t(), kOnes, order);
  kept = all - kept;
  std::size_t d = 0;
  for (; expected > place; ++d) {
    expected *= kept;
    place *= all;
  }
  return std::max<std::size_t>(d, 2);
}

}  // namespace gapwright
