// Matched twins of k-OV (docs/challenge.md, section 2). YES: random vectors with a camouflaged tuple (instances/random_vectors):
// any k - 1 of its members are distributed as if nothing had been planted. With density 1/2 the last member would be a function
// of the others, to be found by hashing; 7/16 keeps the dimension small and leaves it random.
//
// NO: a planted row a of key set u and a coordinate c where a is 0 and all other members are 1, a coordinate c' where a is 1, and
// another row b of the set with 1 at c and 0 at c'; exchange the bits of a and b at c and at c'. Every row keeps its sum, and so
// does every column; the planted tuple now has inner product 1 (c alone: at c' row a lost its bit).
//
// Example (k = 2): query 10, key rows a = 01, b = 10. Exchanged: a = 10, b = 01: the planted tuple has inner product 1. (Here b
// is orthogonal instead: the caller counts, and draws again.)
#include "instances/matched_twins.hpp"

#include <gmpxx.h>

#include <algorithm>

#include "instances/philox.hpp"

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

}  // namespace

std::optional<OrthogonalVectors> near_miss(const OrthogonalVectors& yes, const OrthogonalVectors::Witness& planted,
                                           std::uint64_t seed) {
  const std::size_t k = yes.sets.size(), d = yes.dimension;
  Random random(seed, ~std::uint64_t{0});
  const std::size_t first_set = random.below(k - 1), first_row = random.below(yes.sets[0].rows), first_c = random.below(d),
                    first_other = random.below(d);
  for (std::size_t i = 0; i + 1 < k; ++i) {
    const std::size_t u = 1 + (first_set + i) % (k - 1), a = planted[u];
    const BitMatrix& set = yes.sets[u];
    for (std::size_t j = 0; j < d; ++j) {
      const std::size_t c = (first_c + j) % d;
      bool others = !set.get(a, c);
      for (std::size_t w = 0; w < k; ++w) others &= w == u || yes.sets[w].get(planted[w], c);
      if (!others) continue;
      for (std::size_t l = 0; l < d; ++l) {
        const std::size_t other = (first_other + l) % d;
        if (!set.get(a, other)) continue;
        for (std::size_t r = 0; r < set.rows; ++r) {
          const std::size_t b = (first_row + r) % set.rows;
          if (b == a || !set.get(b, c) || set.get(b, other)) continue;
          OrthogonalVectors no = yes;
          no.sets[u].set(a, c);
          no.sets[u].set(a, other, false);
          no.sets[u].set(b, c, false);
          no.sets[u].set(b, other);
          return no;
        }
      }
    }
  }
  return std::nullopt;
}

std::optional<MatchedVectors> matched_vectors(const MatchedShape& shape) {
  RandomSets request;
  request.order = shape.order;
  request.rows = shape.rows;
  request.dimension = shape.dimension;
  request.density = mpq_class(kOnes, kAll);
  request.planting = Planting::camouflaged;
  request.seed = derived_seed(shape);
  RandomOrthogonalVectors drawn = random_orthogonal_vectors(request);
  auto no = near_miss(drawn.vectors, *drawn.planted, request.seed);
  if (!no) return std::nullopt;
  return MatchedVectors{std::move(drawn.vectors), *std::move(no), *std::move(drawn.planted)};
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
