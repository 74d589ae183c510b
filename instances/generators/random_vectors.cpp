// SPDX-License-Identifier: MIT
// Random k-OV and Gap-k-MaxIP, without or with a planted tuple.
//
// Null model: all bits of all k sets independent, 1 with probability p. A planted tuple (one uniform index per set) replaces its
// k vectors. "plain": its bits are drawn as in the null model; k-OV: in every coordinate with k ones a uniform one of them is
// cleared; Gap-k-MaxIP: uniform coordinates are made all ones until the inner product is t. Its vectors are lighter, or heavier,
// than others.
// "camouflaged" (p <= 1/2): coordinates are independent, and one coordinate's bits b follow
//     P(b) = p^{|b|} (1-p)^{k-|b|} + c (-1)^{k-|b|},
// c = -p^k for k-OV [KPR25] and c = p^{k-1} (1-p) for Gap-k-MaxIP (ours, the same idea with the other sign).
//
// Theorem E2 (docs/generators.md). This is a distribution in which any k - 1 bits are independent and 1 with probability p, and
// P(1...1) is 0 for k-OV and p^{k-1} for Gap-k-MaxIP. So any k - 1 of the planted vectors, together with all other vectors, are distributed exactly as
// in the null model; in particular every single vector's weight is. No test of fewer than k vectors at a time sees the planting.
// Proof. Summing over one bit cancels the terms +-c, which leaves the product distribution of the other k - 1.
// P(1...1) = p^k + c. Non-negative: only terms of one parity of z = k - |b| are lowered. k-OV: z even, by p^k, and
// p^{k-z} (1-p)^z >= p^k as 1-p >= p. Gap-k-MaxIP: z odd, by p^{k-1} (1-p), and p^{k-z} (1-p)^z >= p^{k-1} (1-p) for z >= 1. []
//
// Drawn exactly: k - 1 independent bits with z zeros among them, then the last is 1 with probability
// P(b, 1) / (p^{k-1-z} (1-p)^z), which is p (1 - (-1)^z r^z) for k-OV and p + (-1)^z (1-p) r^z for Gap-k-MaxIP, r = p/(1-p). A
// Gap-k-MaxIP tuple is drawn again while its inner product, which is Binomial(d, p^{k-1}), is below t: a law conditioned on an
// event of probability 1 - risk is within total variation distance `risk` of the law.
//
// What k vectors at a time show. At p = 1/2 only one parity of z has a probability above 0, so the coordinates of the planted vectors add up to
// a constant mod 2: hash the sums of ceil(k/2) sets, look up those of the others: n^ceil(k/2) steps. Gap-k-MaxIP at k = 2 has P(10) = P(01) = 0 at every
// p: the two vectors are equal. k-OV at k = 2 and p < 1/2: P(10) = P(01) = p, so the planted pair differs in a fraction 2p of the
// coordinates and others in 2p(1-p). Bit sampling on t coordinates, n (2p(1-p))^t = 1, repeated (2p)^-t times: n^(1 + ln 2p / ln 2p(1-p)).
// Filters: n^(2 - 2p), within .004 for p on the curve n^2 (1 - p^2)^d = 1 (numerical optimum over filters that ask a vector for fractions of
// ones and zeros on random coordinates).
//
// Example: k = 2, p = 1/2. k-OV: P(00) = P(11) = 0 and P(01) = P(10) = 1/2, so the second vector is the complement of the first,
// and each alone is uniform. Gap-k-MaxIP: P(00) = P(11) = 1/2, so the two vectors are equal.
#include "instances/generators/random_vectors.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

#include "instances/generators/binomial.hpp"
#include "instances/generators/exact_coin.hpp"
#include "instances/zeros.hpp"
#include "support/powers.hpp"

namespace gapwright {
namespace {

std::string sets_text(const RandomSets& request) {
  std::string text = " --vectors " + std::to_string(request.rows) + " --dimension " + std::to_string(request.dimension) +
                     " --density " + request.density.get_str();
  if (request.planting != Planting::none) text += " --plant=" + std::string(word_of(request.planting));
  return text + " -k " + std::to_string(request.order) + " --seed " + std::to_string(request.seed);
}

constexpr std::uint64_t kRowsPerSet = std::uint64_t{1} << 56;  // streams: set number, then row; 255 for the planted tuple
constexpr std::size_t kLargestOrder = 24;
void check(const RandomSets& r) {
  if (r.order < 2 || r.order > kLargestOrder)
    throw std::invalid_argument("`order=" + std::to_string(r.order) + "`: the order is 2 to 24");
  if (r.rows == 0) throw std::invalid_argument("`vectors=0`: every set needs at least one vector");
  if (r.dimension == 0) throw std::invalid_argument("`dimension=0`: vectors need at least one coordinate");
  if (r.rows >= kRowsPerSet) throw std::invalid_argument("`vectors=" + std::to_string(r.rows) + "` is too large");
  if (r.density <= 0 || r.density >= 1) throw std::invalid_argument("`density` must be strictly between 0 and 1");
  if (r.planting == Planting::camouflaged && r.density > mpq_class(1, 2))
    throw std::invalid_argument("`density` above 1/2: a camouflaged tuple needs at most 1/2; lower it, or take `plant=plain`");
}

std::vector<BitMatrix> null_model(const RandomSets& r, const RunControl& control) {
  const ExactCoin coin(r.density);
  std::vector<BitMatrix> sets;
  for (std::size_t u = 0; u < r.order; ++u) {
    BitMatrix set = zero_bits(r.rows, r.dimension, control);
    for (std::size_t i = 0; i < r.rows; ++i) {
      Random random(r.seed, u * kRowsPerSet + i);
      for (std::size_t c = 0; c < r.dimension; ++c) {
        control.check_at(c);
        if (coin.toss(random)) set.set(i, c);
      }
    }
    sets.push_back(std::move(set));
  }
  return sets;
}

enum class Goal { orthogonal, large };

/// The last bit's coin by the number of zeros among the others.
std::vector<ExactCoin> camouflage_coins(const RandomSets& r, Goal goal) {
  const mpq_class p = r.density, odds = p / (1 - p);
  std::vector<ExactCoin> coins;
  for (std::size_t z = 0; z < r.order; ++z) {
    const mpq_class signed_power = (z % 2 == 0 ? 1 : -1) * rational_power(odds, z);
    coins.emplace_back(goal == Goal::orthogonal ? mpq_class(p * (1 - signed_power)) : mpq_class(p + (1 - p) * signed_power));
  }
  return coins;
}

using Tuple = std::vector<std::size_t>;

bool all_ones(const std::vector<BitMatrix>& sets, const Tuple& tuple, std::size_t c) {
  for (std::size_t u = 0; u < sets.size(); ++u)
    if (!sets[u].get(tuple[u], c)) return false;
  return true;
}

std::size_t common_ones(const std::vector<BitMatrix>& sets, const Tuple& tuple, const RunControl& control) {
  std::size_t count = 0;
  for (std::size_t c = 0; c < sets[0].columns; ++c) {
    control.check_at(c);
    count += all_ones(sets, tuple, c);
  }
  return count;
}

void draw_camouflaged(std::vector<BitMatrix>& sets, const Tuple& tuple, const ExactCoin& coin, const std::vector<ExactCoin>& last,
                      Random& random, const RunControl& control) {
  for (std::size_t c = 0; c < sets[0].columns; ++c) {
    control.check_at(c);
    std::size_t zeros = 0;
    for (std::size_t u = 0; u + 1 < sets.size(); ++u) {
      const bool bit = coin.toss(random);
      sets[u].set(tuple[u], c, bit);
      zeros += !bit;
    }
    sets.back().set(tuple.back(), c, last[zeros].toss(random));
  }
}

/// Plants a tuple whose inner product is 0 (orthogonal) or at least `least` (large).
Tuple plant(std::vector<BitMatrix>& sets, const RandomSets& r, Goal goal, std::size_t least, const RunControl& control) {
  Random random(r.seed, 255 * kRowsPerSet);
  Tuple tuple;
  for (std::size_t u = 0; u < r.order; ++u) tuple.push_back(random.below(r.rows));
  if (r.planting == Planting::camouflaged) {
    const ExactCoin coin(r.density);
    const std::vector<ExactCoin> last = camouflage_coins(r, goal);
    do draw_camouflaged(sets, tuple, coin, last, random, control);
    while (goal == Goal::large && common_ones(sets, tuple, control) < least);
    return tuple;
  }
  if (goal == Goal::orthogonal) {
    for (std::size_t c = 0; c < r.dimension; ++c) {
      control.check_at(c);
      if (!all_ones(sets, tuple, c)) continue;
      const std::size_t u = random.below(r.order);
      sets[u].set(tuple[u], c, false);
    }
    return tuple;
  }
  std::size_t tried = 0;
  for (std::size_t common = common_ones(sets, tuple, control); common < least;) {
    control.check_at(++tried);
    const std::size_t c = random.below(r.dimension);
    if (all_ones(sets, tuple, c)) continue;
    for (std::size_t u = 0; u < r.order; ++u) sets[u].set(tuple[u], c);
    ++common;
  }
  return tuple;
}

mpf_class tuples(const RandomSets& r) {
  mpf_class count(1, 128);
  for (std::size_t u = 0; u < r.order; ++u) count *= static_cast<unsigned long>(r.rows);
  return count;
}

/// The least s with n^k P(Binomial(d, p^k) > s) <= risk.
std::int64_t least_no(const RandomSets& r, std::size_t dimension, const mpq_class& risk, const RunControl& control) {
  const BinomialTails tails(dimension, rational_power(r.density, r.order), control);
  const mpf_class all = tuples(r), most(risk, 128);
  std::size_t s = dimension;
  for (; s > 0 && all * tails.at_least(s) <= most; --s)  // invariant: P(X > s) is small enough
    control.check_at(s);
  return static_cast<std::int64_t>(s);
}

/// The largest t with P(Binomial(d, p^{k-1}) < t) <= risk.
std::int64_t largest_yes(const RandomSets& r, std::size_t dimension, const mpq_class& risk, const RunControl& control) {
  const BinomialTails tails(dimension, rational_power(r.density, r.order - 1), control);
  const mpf_class most(risk, 128);
  std::size_t t = 0;
  for (; t < dimension && tails.at_most(t) <= most; ++t) control.check_at(t);
  return static_cast<std::int64_t>(t);
}

bool separates(const RandomSets& r, std::size_t dimension, const mpq_class& risk, const RunControl& control) {
  return least_no(r, dimension, risk, control) < largest_yes(r, dimension, risk, control);
}

}  // namespace

mpz_class sets_bytes(std::size_t order, std::size_t rows, std::size_t dimension) {
  return mpz_class(order) * rows * ((mpz_class(dimension) + 63) / 64) * 8;
}

std::string vectors_command(const RandomSets& request) { return "gen orthogonal-vectors" + sets_text(request); }

std::string gap_command(const RandomSets& request, const std::optional<Gap>& given) {
  std::string text = "gen gap-max-ip" + sets_text(request);
  if (given)
    text += " --yes-at-least " + std::to_string(given->yes_at_least) + " --no-at-most " + std::to_string(given->no_at_most);
  return text;
}

RandomOrthogonalVectors random_orthogonal_vectors(const RandomSets& request, const RunControl& control) {
  check(request);
  RandomOrthogonalVectors result;
  result.vectors.dimension = request.dimension;
  result.vectors.sets = null_model(request, control);
  if (request.planting != Planting::none) result.planted = plant(result.vectors.sets, request, Goal::orthogonal, 0, control);
  result.vectors.made_by.seed = request.seed;
  return result;
}

mpf_class expected_orthogonal_tuples(const RandomSets& request, const RunControl& control) {
  check(request);
  const std::size_t k = request.order;
  if (request.planting != Planting::plain)
    return tuples(request) * BinomialTails(request.dimension, rational_power(request.density, k), control).at_most(0);
  // s planted vectors, s < k, are all 1 in a coordinate with probability p^s - p^k s/k: where all k were, one of them was cleared.
  mpf_class expected(0, 128), choices(1, 128);  // binomial(k, s)
  for (std::size_t s = 0; s < k; ++s) {
    const mpq_class together = rational_power(request.density, s) - rational_power(request.density, k) * mpq_class(s, k);
    mpf_class count =
        choices * BinomialTails(request.dimension, together * rational_power(request.density, k - s), control).at_most(0);
    for (std::size_t u = s; u < k; ++u) count *= static_cast<unsigned long>(request.rows - 1);
    expected += count;
    choices = choices * static_cast<unsigned long>(k - s) / static_cast<unsigned long>(s + 1);
  }
  return expected;
}

HashingTrace hashing_trace(const RandomSets& r, bool orthogonal) {
  HashingTrace trace;
  const double p = r.density.get_d(), k = static_cast<double>(r.order);
  if (!orthogonal && r.order == 2)
    trace.exponent = 1;
  else if (r.density == mpq_class(1, 2))
    trace.exponent = (r.order + 1) / 2;
  if (!orthogonal) return trace;
  trace.sparser = std::pow(-std::expm1(-k * std::log(static_cast<double>(r.rows)) / static_cast<double>(r.dimension)), 1 / k);
  if (r.order == 2 && !trace.exponent) {
    trace.bit_sampling = 1 + std::log(2 * p) / std::log(2 * p * (1 - p));
    trace.filters = 2 - 2 * p;
  }
  return trace;
}

RandomGapMaxIp random_gap_max_ip(const RandomSets& request, const Gap& gap, const RunControl& control) {
  check(request);
  if (gap.no_at_most < 0 || gap.yes_at_least <= gap.no_at_most)
    throw std::invalid_argument("the gap needs 0 <= `no_at_most` < `yes_at_least`");
  if (request.planting != Planting::none && gap.yes_at_least > static_cast<std::int64_t>(request.dimension))
    throw std::invalid_argument("`yes_at_least=" + std::to_string(gap.yes_at_least) +
                                "` is above `dimension=" + std::to_string(request.dimension) + "`");
  if (request.planting == Planting::camouflaged && gap_risks(request, gap, control).planted_missed > 0.5)
    throw std::invalid_argument(
        "`yes_at_least=" + std::to_string(gap.yes_at_least) + "`: a camouflaged tuple has about " +
        std::to_string(mpq_class(rational_power(request.density, request.order - 1) * mpz_class(request.dimension)).get_d()) +
        " common ones; lower it, or take `plant=plain`");
  RandomGapMaxIp result;
  result.instance.dimension = request.dimension;
  result.instance.gap = gap;
  result.instance.sets = null_model(request, control);
  if (request.planting != Planting::none)
    result.planted = plant(result.instance.sets, request, Goal::large, static_cast<std::size_t>(gap.yes_at_least), control);
  result.instance.made_by.seed = request.seed;
  return result;
}

Gap random_gap(const RandomSets& request, const RunControl& control, const mpq_class& risk) {
  check(request);
  const Gap gap{largest_yes(request, request.dimension, risk, control), least_no(request, request.dimension, risk, control)};
  if (gap.no_at_most < gap.yes_at_least) return gap;
  constexpr std::size_t kMostDimension = 1 << 16;
  std::size_t enough = request.dimension;
  while (enough <= kMostDimension && !separates(request, enough, risk, control)) enough += enough / 8 + 1;
  throw std::invalid_argument("`dimension=" + std::to_string(request.dimension) + "`: null and planted inner products overlap; " +
                              (enough <= kMostDimension ? "`dimension=" + std::to_string(enough) + "` keeps them apart"
                                                        : "use fewer vectors or another `density`") +
                              ", or give `yes_at_least` and `no_at_most`");
}

GapRisks gap_risks(const RandomSets& request, const Gap& gap, const RunControl& control) {
  check(request);
  const BinomialTails null(request.dimension, rational_power(request.density, request.order), control),
      planted(request.dimension, rational_power(request.density, request.order - 1), control);
  const mpf_class above = tuples(request) * null.at_least(static_cast<std::uint64_t>(gap.no_at_most) + 1);
  return {above, gap.yes_at_least > 0 ? planted.at_most(static_cast<std::uint64_t>(gap.yes_at_least) - 1) : mpf_class(0, 128)};
}

WeightTest weight_test(const std::vector<BitMatrix>& sets, const mpq_class& density, const RunControl& control) {
  WeightTest result;
  result.p_value = 2;
  std::uint64_t vectors = 0;
  for (const BitMatrix& set : sets) vectors += set.rows;
  if (vectors == 0) throw std::invalid_argument("the weight test needs at least one vector");
  const BinomialTails tails(sets[0].columns, density, control);
  for (std::size_t u = 0; u < sets.size(); ++u)
    for (std::size_t i = 0; i < sets[u].rows; ++i) {
      control.check();
      std::size_t weight = 0;
      for (const std::uint64_t word : sets[u].row(i)) weight += static_cast<std::size_t>(__builtin_popcountll(word));
      const mpf_class tail = std::min(tails.at_least(weight), tails.at_most(weight));
      if (tail < result.p_value) result = {u, i, weight, tail};
    }
  result.p_value = std::min(mpf_class(1, 128), mpf_class(result.p_value * static_cast<unsigned long>(2 * vectors)));
  return result;
}

}  // namespace gapwright
