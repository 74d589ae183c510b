// SPDX-License-Identifier: MIT
// Theorem A1h: errors of weights where scores are large, by looking at each tuple.
//
// A score s_J is a sum of d terms; with A_J the sum of their absolute values it is computed within e_J = gamma(n_s) A_J + lost.
// With gap_J = max s - s_J, subtracting the shift, the rescalings and exp2 change the weight by at most e^{+-r_J},
// r_J = (R + 1) u (4 (gap_J + e_J + max-score's e) + 400): a shift that the tuple meets lies between s_J - 64 and max s. Let
// lambda_J = e_J + r_J and ref = max_J (s_J - 2 lambda_J). Then the share of tuple J in the sum of all weights, the true one and
// the computed one, is at most p_J = 2 exp(s_J + 2 lambda_J - ref), because the tuple that attains ref alone weighs as much
// (the 2 is for the roundings of the sum). Choose any set L of tuples, P = sum of p_J outside L, and let e, r be the largest e_J,
// r_J in L, but e = 0 if L is one tuple, whose weight cancels against the sum. The means over L alone differ by at most
// range tanh((e + r)/2), 0 for one tuple, and each mean of all is within P range of that over L: mixing = tanh((e + r)/2) + 2 P.
// The sum of the weights is right up to e^{+-(e + r)} / (1 - P), so inside L shares are right up to e^{+-ratio},
// ratio = 2 (e + r) - ln(1 - P); outside they differ by at most p_J.
// L runs over the tuples with the smallest lambda_J. In rows that Balanced marks as beyond, true scores are the computed ones
// times a power of two above 1: gaps only grow, so p_J holds, and L must be one tuple. Example: scores 0 and -1e9, f32: L = {0},
// mixing = 0.
#include "attention/heavy_tuples.hpp"

#include "support/rounding.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace gapwright {
namespace {

struct Tuple {
  double score, score_error, rounding;
  double lambda() const { return score_error + rounding; }
};

/// Scores and the sums of their terms' absolute values, for all tuples that extend the products.
void extend(const Attention& a, std::size_t u, const std::vector<double>& products, const WeightArithmetic& w,
            std::vector<Tuple>& tuples) {
  const Matrix& keys = a.keys[u];
  std::vector<double> longer(products.size());
  for (std::size_t j = 0; j < keys.rows; ++j) {
    double score = 0, magnitude = 0;
    for (std::size_t l = 0; l < products.size(); ++l) {
      longer[l] = products[l] * keys.at(j, l);
      score += longer[l];
      magnitude += std::abs(longer[l]);
    }
    if (u + 1 == a.keys.size())
      tuples.push_back(
          {score, (magnitude * w.score_roundings + w.lost) * upward(static_cast<double>(products.size() + a.keys.size() + 4)),
           0});
    else
      extend(a, u + 1, longer, w, tuples);
  }
}

std::vector<Tuple> tuples_of(const Balanced& b, std::size_t row, const WeightArithmetic& w) {
  const Attention& a = b.attention;
  std::vector<double> products(a.q.columns);
  for (std::size_t l = 0; l < products.size(); ++l) products[l] = a.q.at(row, l) * a.terms.softmax_scale;
  std::vector<Tuple> tuples;
  extend(a, 0, products, w, tuples);
  const Tuple top =
      *std::max_element(tuples.begin(), tuples.end(), [](const Tuple& x, const Tuple& y) { return x.score < y.score; });
  for (Tuple& t : tuples) t.rounding = w.unit * (4 * (top.score - t.score + t.score_error + top.score_error) + 400);
  return tuples;
}

}  // namespace

RowWeights heavy_tuples(const Balanced& b, std::size_t row, const WeightArithmetic& w) {
  std::vector<Tuple> tuples = tuples_of(b, row, w);
  std::sort(tuples.begin(), tuples.end(), [](const Tuple& x, const Tuple& y) { return x.lambda() < y.lambda(); });
  double ref = -std::numeric_limits<double>::infinity();
  for (const Tuple& t : tuples) ref = std::max(ref, t.score - 2 * t.lambda());
  // The largest e and r of every L, from its front; then P from the back.
  std::vector<double> score_error(tuples.size()), rounding(tuples.size());
  for (std::size_t n = 0; n < tuples.size(); ++n) {
    score_error[n] = n == 0 ? 0 : std::max({score_error[n - 1], tuples[0].score_error, tuples[n].score_error});
    rounding[n] = n == 0 ? tuples[0].rounding : std::max(rounding[n - 1], tuples[n].rounding);
  }
  RowWeights best;
  double light = 0;
  for (std::size_t n = tuples.size(); n-- > 0 && light < 0.25;) {
    const double mixing = (n == 0 ? 0 : std::tanh((score_error[n] + rounding[n]) / 2)) + 2 * light;
    if ((n == 0 || !b.beyond[row]) && mixing < best.mixing)
      best = {mixing * (1 + 1e-12), (2 * (score_error[n] + rounding[n]) - std::log1p(-light)) * (1 + 1e-12), light};
    light += 2 * std::exp(std::min(0.0, tuples[n].score + 2 * tuples[n].lambda() - ref)) *
             upward(static_cast<double>(tuples.size()) + 16);  // the sum's roundings, and exp's
  }
  return best;
}

}  // namespace gapwright
