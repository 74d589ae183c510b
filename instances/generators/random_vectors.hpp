// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "support/named.hpp"
#include "support/run_control.hpp"

// Random sets of 0/1 vectors, without or with a planted tuple (docs/generators.md). Any k >= 2.
namespace gapwright {

/// How a tuple is hidden among vectors of independent bits of probability p ("the null model").
/// plain: the tuple's bits are drawn like all others and then changed where they must be; single vectors show it by their weight.
/// camouflaged: any k - 1 of its vectors are distributed exactly as in the null model; all k together are not (hashing_trace).
enum class Planting { none, plain, camouflaged };
template <>
struct Names<Planting> {
  static constexpr std::string_view what = "planting";
  static constexpr std::array all{Named<Planting>{Planting::camouflaged, "camouflaged"},
                                  Named<Planting>{Planting::plain, "plain"}};
};

struct RandomSets {
  std::size_t order = 3;      ///< k
  std::size_t rows = 0;       ///< n, of every set
  std::size_t dimension = 0;  ///< d
  mpq_class density{1, 2};    ///< p; 0 < p < 1, and at most 1/2 for camouflaged
  Planting planting = Planting::none;
  std::uint64_t seed = 1;
};

/// Bytes that such sets take, whatever is planted.
mpz_class sets_bytes(std::size_t order, std::size_t rows, std::size_t dimension);

/// "gen orthogonal-vectors --vectors 9 ... --seed 1" and "gen gap-max-ip ...": the command that makes them, for their provenance. `given`: the
/// thresholds that were asked for.
std::string vectors_command(const RandomSets& request);
std::string gap_command(const RandomSets& request, const std::optional<Gap>& given);

struct RandomOrthogonalVectors {
  OrthogonalVectors vectors;
  std::optional<OrthogonalVectors::Witness> planted;  ///< orthogonal
};
/// Throws std::invalid_argument for what cannot be drawn.
RandomOrthogonalVectors random_orthogonal_vectors(const RandomSets& request, const RunControl& control = {});

/// The expected number of orthogonal tuples besides a planted one, as an upper bound: n^k (1 - p^k)^d; with `plain` those that share s of the
/// lighter planted vectors are likelier, and the sum over s is taken.
mpf_class expected_orthogonal_tuples(const RandomSets& request, const RunControl& control = {});

/// What a test of k vectors at a time sees of a camouflaged tuple: how many vectors hashing has to compare (docs/generators.md).
struct HashingTrace {
  std::optional<std::size_t> exponent;  ///< the tuple is found in time about n^exponent: its vectors are tied in every coordinate
  double bit_sampling = 0, filters = 0;  ///< k = 2, k-OV, density below 1/2: exponents of the planted pair
  double sparser = 0;                    ///< k-OV: the density at which one other orthogonal tuple is expected
};
HashingTrace hashing_trace(const RandomSets& request, bool orthogonal);

struct RandomGapMaxIp {
  GapMaxIp instance;
  std::optional<GapMaxIp::Witness> planted;  ///< its inner product is at least t
};
/// `gap` must be one that planted_gap allows, or any with 0 <= s_no < t when nothing is planted.
RandomGapMaxIp random_gap_max_ip(const RandomSets& request, const Gap& gap, const RunControl& control = {});

/// Thresholds for which null and planted instances keep the promise: s_no is the least for which some tuple of n^k exceeds it
/// with probability at most `risk` in the null model, t the largest that a camouflaged tuple misses with probability at most
/// `risk`. Throws std::invalid_argument with the least dimension that would do when s_no >= t.
Gap random_gap(const RandomSets& request, const RunControl& control = {}, const mpq_class& risk = mpq_class(1, 1 << 20));

/// Upper bounds of what can go wrong with these thresholds.
struct GapRisks {
  mpf_class null_above;      ///< P(some tuple of the null model has an inner product above s_no)
  mpf_class planted_missed;  ///< P(a camouflaged tuple stays below t): it is then drawn again, so that its law is within this of
                             ///< the exact one
};
GapRisks gap_risks(const RandomSets& request, const Gap& gap, const RunControl& control = {});

/// The stated detection test. In the null model every weight (number of ones) is binomial; with N vectors in all, the heaviest
/// and the lightest are judged by 2 N times the smaller tail, so under the null model P(p_value <= alpha) <= alpha for every
/// alpha.
struct WeightTest {
  std::size_t set = 0, row = 0;  ///< the vector of the most unlikely weight
  std::size_t weight = 0;
  mpf_class p_value;  ///< at most 1
};
WeightTest weight_test(const std::vector<BitMatrix>& sets, const mpq_class& density, const RunControl& control = {});

}  // namespace gapwright
