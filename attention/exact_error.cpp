// SPDX-License-Identifier: MIT
// The a-posteriori error bound of exact attention (Theorem A1 of docs/attention.md, in the model fl(x op y) = (x op y)(1 + e),
// |e| <= u, of [Hig02], chapters 2 and 3; gamma(n) = n u / (1 - n u)), for a balanced input (attention/balanced): all entries at
// most 1.
//
// Scores: every product passes at most n_s = d + 2 k + 8 roundings (conversion of the k factors, the scale's mantissa and log2(e), k - 1
// products, d additions), so each score is wrong by at most A_i gamma(n_s) + lost, A_i = sum_l |scale q_il| prod_u max|k_u[., l]|,
// lost by underflow (Lemma A0). Subtracting the running maximum adds 2 A_i u, exp2 adds kExp2Error u, and each of the R
// rescalings as much again. Hence every computed weight is the true one times e^{+-lambda} (up to a factor common to the row),
// lambda = A_i (gamma(n_s) + 2 (R + 1) u) + (R + 1) kExp2Error u + lost, and weights perturbed so move a weighted mean by at most
// (range of v_J) tanh(lambda / 2). Sums: each weight passes at most K = tile + tiles + prefixes + R + 2 k + 5 roundings, in the
// numerator as in the denominator, so the quotient moves by at most max|v_J| (2 gamma(K) + u) / (1 - gamma(K)). Weights raised to
// 2^kSmallestExponent add at most 4 Nmain 2^kSmallestExponent max|v_J|. Products of values and weighted values that underflow are
// off by the smallest normal number eta each, factors still to come being at most 1: eta (2 k + 4 Nmain), and max|v_J| >= 2^-k.
//
// Gradients need the shares Pr = weight / sum, the weights computed once more: wrong by e^{+-ratio} with ratio = 2 lambda, by
// 2 gamma(K) and the raised weights of the sum, and by 8 u: mass bounds sum_J |Pr^ - Pr|. A weight raised, or scaled down by a
// raised factor, is at most 2^(kSmallestExponent + kSlack) of the sum. Example: k = 2, d = 1, one key: out = v, and the bound is
// a few u |v|, not 0.
#include "attention/exact_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "attention/heavy_tuples.hpp"
#include "attention/kernels.hpp"
#include "support/parallel_rows.hpp"
#include "support/rounding.hpp"

namespace gapwright {
namespace {

constexpr double kUpward = 1 + 1e-12;  // covers the roundings of the bound itself

}  // namespace

std::vector<double> score_bounds(const Balanced& b) {
  const Attention& a = b.attention;
  std::vector<double> factors(a.q.columns, a.terms.softmax_scale);
  for (const Matrix& keys : a.keys) {
    const auto largest = column_maxima(keys);
    for (std::size_t l = 0; l < factors.size(); ++l) factors[l] *= largest[l];
  }
  std::vector<double> bounds(a.q.rows, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    if (b.beyond[i]) continue;
    double sum = 0;
    for (std::size_t l = 0; l < factors.size(); ++l) sum += std::abs(a.q.at(i, l)) * factors[l];
    bounds[i] = sum * upward(static_cast<double>(factors.size() + a.keys.size() + 2));
  }
  return bounds;
}

PassSizes::PassSizes(const Attention& a, Arithmetic arithmetic)
    : u(arithmetic == Arithmetic::f64 ? 0x1p-53 : 0x1p-24),
      smallest_normal(arithmetic == Arithmetic::f64 ? std::numeric_limits<double>::min() : std::numeric_limits<float>::min()),
      raised(std::ldexp(1.0, arithmetic == Arithmetic::f64
                                 ? kernels::kSmallestExponent<double> + static_cast<int>(kernels::kSlack<double>)
                                 : kernels::kSmallestExponent<float> + static_cast<int>(kernels::kSlack<float>))),
      order(static_cast<double>(a.keys.size() + 1)),
      dimension(static_cast<double>(a.q.columns)),
      value_columns(static_cast<double>(a.values[0].columns)),
      last(static_cast<double>(a.keys.back().rows)),
      prefixes(1) {
  for (std::size_t w = 0; w + 1 < a.keys.size(); ++w) prefixes *= static_cast<double>(a.keys[w].rows);
  tuples = prefixes * last;
}

double PassSizes::gamma(double n) const { return n * u < 0.5 ? n * u / (1 - n * u) : std::numeric_limits<double>::infinity(); }

namespace {

/// Rows whose weights may be wrong by more than this many units deserve a look at each tuple, while that costs at most so many operations.
constexpr double kLargeError = 1 << 16, kMostOperations = 4e9, kMostTuples = 1 << 26;

RowError row_error(const PassSizes& sizes, const RowWeights& weights, double summing_roundings) {
  const double g = sizes.gamma(summing_roundings), raised = 4 * sizes.tuples * sizes.raised;
  const double lost_value =
      sizes.smallest_normal * (2 * sizes.order + 4 * sizes.tuples) * std::ldexp(1.0, static_cast<int>(sizes.order));
  RowError e;
  e.mixing = weights.mixing;
  e.summing = g < 0.5 ? ((2 * g + sizes.u) / (1 - g) + raised + lost_value) * kUpward : std::numeric_limits<double>::infinity();
  e.mass = (std::expm1(weights.ratio + 2 * g + raised + 8 * sizes.u) + 2 * weights.light + raised) * kUpward;
  return e;
}

}  // namespace

std::vector<RowError> exact_errors(const Balanced& b, Arithmetic arithmetic, const std::vector<std::size_t>& rescalings,
                                   const RunControl& control) {
  const PassSizes sizes(b.attention, arithmetic);
  const double tile = static_cast<double>(kTile), u = sizes.u;
  const double score_gamma = sizes.gamma(sizes.dimension + 2 * sizes.order + 8),
               lost = lost_score(b.attention, sizes.smallest_normal);
  const double sum_roundings = std::min(sizes.last, tile) + std::ceil(sizes.last / tile) + sizes.prefixes + 2 * sizes.order + 4;
  const std::vector<double> scores = score_bounds(b);
  std::vector<RowError> errors(scores.size());
  std::vector<double> lambda(scores.size());
  double large = 0;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double times = static_cast<double>(rescalings[i]) + 1;
    lambda[i] = (scores[i] * (score_gamma + 2 * times * u) + times * kernels::kExp2Error * u + lost) * kUpward;
    errors[i] = row_error(sizes, {std::tanh(lambda[i] / 2) * kUpward, 2 * lambda[i], 0}, sum_roundings + times);
    large += lambda[i] > kLargeError * u ? 1 : 0;
  }
  if (sizes.tuples > kMostTuples || large * sizes.tuples * sizes.dimension > kMostOperations) return errors;
  for_row_pieces(0, errors.size(), 1, {control.threads, control.stop, {}}, [&](std::size_t i, std::size_t) {
    if (!(lambda[i] > kLargeError * u)) return;
    control.check();
    const double times = static_cast<double>(rescalings[i]) + 1;
    const RowError heavy = row_error(sizes, heavy_tuples(b, i, {score_gamma, lost, times * u}), sum_roundings + times);
    errors[i].mixing = std::min(errors[i].mixing, heavy.mixing);
    errors[i].mass = std::min(errors[i].mass, heavy.mass);
  });
  return errors;
}

double largest_error(const ExactAttention& result) { return *std::max_element(result.row_error.begin(), result.row_error.end()); }

}  // namespace gapwright
