// Matched twins of k-OV (docs/challenge.md, section 2).
//
// Every bit is 1 with probability p = 7/16, independently. The planted tuple has, in every coordinate independently, the bits x of its k members with
// probability  (7^{k-j} 9^j - (-1)^j 7^k) / 16^k,  j the number of zeros in x. That is the product distribution, corrected by a term that changes its
// sign with every bit: summed over any one bit the correction vanishes, so any k - 1 members are independent bits of density p, as if nothing had been
// planted; at j = 0 the probability is 0, so the tuple is orthogonal; and no probability is negative because 9 > 7. With p = 1/2 the last member
// would be determined by the others (a hash table would find it); 7/16 keeps d small and leaves it random.
//
// The NO twin: take a planted row a of key set u and a coordinate c where a is 0 and all other members are 1, a coordinate c' where a is 1, and
// another row b of the set with 1 at c and 0 at c'; exchange the bits of a and b at c and at c'. Every row keeps its sum, and so does every column;
// the planted tuple now has inner product 1 (c alone: at c' row a lost its bit).
//
// Example (k = 2): planted rows 10 and 01, another key row 10. Exchanged: 10 and 10: product 1, the other key row is 01.
#include "instances/matched_vectors.hpp"

#include <gmpxx.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include "instances/philox.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kOnes = 7, kZeros = 9, kAll = 16;
constexpr std::size_t kLargestOrder = 15;  // 16^k fits a word

// Streams: pair, attempt, set, row; the set after the last one draws the planted tuple.
constexpr std::uint64_t kRows = std::uint64_t{1} << 32, kSets = std::uint64_t{1} << 5, kAttempts = std::uint64_t{1} << 7;

Random stream(const MatchedShape& shape, std::size_t set, std::uint64_t row) {
  return {shape.seed, ((shape.pair * kAttempts + shape.attempt) * kSets + set) * kRows + row};
}

std::uint64_t power(std::uint64_t base, std::size_t exponent) {
  std::uint64_t result = 1;
  while (exponent-- > 0) result *= base;
  return result;
}

/// The planted members' bits at one coordinate; bit u of the result for member u.
std::uint64_t planted_bits(Random& random, std::size_t k) {
  std::uint64_t draw = random.below(power(kAll, k));
  for (std::uint64_t x = 0;; ++x) {
    std::size_t zeros = 0;
    for (std::size_t u = 0; u < k; ++u) zeros += ((x >> u) & 1) == 0;
    const std::uint64_t product = power(kOnes, k - zeros) * power(kZeros, zeros);
    const std::uint64_t weight = zeros % 2 == 0 ? product - power(kOnes, k) : product + power(kOnes, k);
    if (draw < weight) return x;
    draw -= weight;
  }
}

void check(const MatchedShape& shape) {
  const std::size_t k = shape.set_sizes.size();
  if (k < 2 || k > kLargestOrder) throw std::invalid_argument("matched pairs have order 2 to 15, not " + std::to_string(k));
  if (shape.dimension < 2) throw std::invalid_argument("matched pairs need at least two coordinates");
  for (std::size_t u = 0; u < k; ++u)
    if (shape.set_sizes[u] < (u == 0 ? 1 : 2)) throw std::invalid_argument("matched pairs need a query and two keys in every key set");
}

/// Exchanges four bits of a key set so that the planted tuple gets inner product 1; false when there is no such place.
bool make_no(OrthogonalVectors& ov, const OrthogonalVectors::Witness& planted, Random& random) {
  const std::size_t k = ov.sets.size(), d = ov.dimension;
  const std::size_t first_set = random.below(k - 1), first_row = random.below(ov.sets[0].rows + 1), first_c = random.below(d), first_other = random.below(d);
  for (std::size_t i = 0; i + 1 < k; ++i) {
    const std::size_t u = 1 + (first_set + i) % (k - 1);
    BitMatrix& set = ov.sets[u];
    const std::size_t a = planted[u];
    for (std::size_t j = 0; j < d; ++j) {
      const std::size_t c = (first_c + j) % d;
      bool others = !set.get(a, c);
      for (std::size_t w = 0; w < k; ++w) others &= w == u || ov.sets[w].get(planted[w], c);
      if (!others) continue;
      for (std::size_t l = 0; l < d; ++l) {
        const std::size_t other = (first_other + l) % d;
        if (!set.get(a, other)) continue;
        for (std::size_t r = 0; r < set.rows; ++r) {
          const std::size_t b = (first_row + r) % set.rows;
          if (b == a || !set.get(b, c) || set.get(b, other)) continue;
          set.set(a, c);
          set.set(a, other, false);
          set.set(b, c, false);
          set.set(b, other);
          return true;
        }
      }
    }
  }
  return false;
}

}  // namespace

std::optional<MatchedVectors> matched_vectors(const MatchedShape& shape) {
  check(shape);
  const std::size_t k = shape.set_sizes.size();
  MatchedVectors pair;
  pair.yes.dimension = shape.dimension;
  for (std::size_t u = 0; u < k; ++u) {
    BitMatrix set(shape.set_sizes[u], shape.dimension);
    for (std::size_t r = 0; r < set.rows; ++r) {
      Random random = stream(shape, u, r);
      for (std::size_t c = 0; c < shape.dimension; ++c) set.set(r, c, random.below(kAll) < kOnes);
    }
    pair.yes.sets.push_back(std::move(set));
  }
  Random random = stream(shape, k, 0);
  for (std::size_t u = 0; u < k; ++u) pair.planted.push_back(random.below(shape.set_sizes[u]));
  for (std::size_t c = 0; c < shape.dimension; ++c) {
    const std::uint64_t bits = planted_bits(random, k);
    for (std::size_t u = 0; u < k; ++u) pair.yes.sets[u].set(pair.planted[u], c, ((bits >> u) & 1) != 0);
  }
  pair.no = pair.yes;
  if (!make_no(pair.no, pair.planted, random)) return std::nullopt;
  return pair;
}

std::size_t matched_dimension(const std::vector<std::size_t>& set_sizes) {
  const std::size_t k = set_sizes.size();
  mpz_class expected = 8, all, kept, place = 1;  // 8 prod n_u (1 - p^k)^d <= 1, in integers
  for (const std::size_t n : set_sizes) expected *= n;
  mpz_ui_pow_ui(all.get_mpz_t(), kAll, k);
  mpz_ui_pow_ui(kept.get_mpz_t(), kOnes, k);
  kept = all - kept;
  std::size_t d = 0;
  for (; expected > place; ++d) {
    expected *= kept;
    place *= all;
  }
  return std::max<std::size_t>(d, 2);
}

}  // namespace gapwright
