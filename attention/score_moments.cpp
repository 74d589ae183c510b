// SPDX-License-Identifier: MIT
// The moments of each row's scores, and polynomials that are exact to the same order at the centre.
//
// sum_J (S[i; J] - c)^p is a polynomial of degree p in the score, so the machinery of polynomial attention sums it over all
// tuples in near-linear time, with values 1: one column, C(d + p, p) monomials. Rounding as in Theorem A3 of docs/attention.md: a
// mean is wrong by at most gamma(K) (A + |c|)^p, A the interval's magnitude.
//
// The polynomial: e^y = sum_{j < p} y^j / j! + y^p phi(y), phi(y) = sum_j y^j / (j + p)!. P keeps the first sum and replaces phi
// by its interpolation at Chebyshev points, which is within a small factor of the best. All in long double; the certificate is
// the caller's. Example: p = 2, degree 1: P = 1 + y.
#include "attention/score_moments.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "attention/polynomial_sums.hpp"

namespace gapwright {
namespace {

using Real = long double;

/// Coefficients of (x - centre)^power.
std::vector<double> shifted_power(double centre, std::size_t power) {
  std::vector<double> p{1.0};
  for (std::size_t m = 0; m < power; ++m) {
    p.insert(p.begin(), 0.0);
    for (std::size_t j = 0; j + 1 < p.size(); ++j) p[j] -= centre * p[j + 1];
  }
  return p;
}

/// Mean over all queries and tuples of the score.
double mean_score(const Attention& a) {
  std::vector<double> products(a.q.columns, a.terms.softmax_scale);
  const auto times_column_means = [&](const Matrix& m) {
    std::vector<double> totals(m.columns, 0.0);
    for (std::size_t r = 0; r < m.rows; ++r)
      for (std::size_t l = 0; l < m.columns; ++l) totals[l] += m.at(r, l);
    for (std::size_t l = 0; l < m.columns; ++l) products[l] *= totals[l] / static_cast<double>(m.rows);
  };
  times_column_means(a.q);
  for (const Matrix& keys : a.keys) times_column_means(keys);
  return std::accumulate(products.begin(), products.end(), 0.0);
}

Real phi(Real y, std::size_t power) {
  Real term = 1, sum = 0;
  for (std::size_t j = 1; j <= power; ++j) term /= static_cast<Real>(j);
  for (std::size_t j = power + 1; j < power + 400 && std::abs(term) > std::abs(sum) * 1e-22L; ++j) {
    sum += term;
    term *= y / static_cast<Real>(j);
  }
  return sum;
}

/// p(y) (y - root) + constant.
std::vector<Real> horner_step(const std::vector<Real>& p, Real root, Real constant) {
  std::vector<Real> next(p.size() + 1, 0);
  for (std::size_t j = 0; j < p.size(); ++j) {
    next[j + 1] += p[j];
    next[j] -= root * p[j];
  }
  next[0] += constant;
  return next;
}

}  // namespace

ScoreMoments score_moments(const Attention& a, const ScoreInterval& scores, std::size_t power, const RunControl& control) {
  const FeatureSums sums(a.q.columns, power);
  const Monomials& m = sums.monomials;
  ScoreMoments moments{mean_score(a), power, std::vector<double>(a.q.rows), std::vector<double>(a.q.rows)};
  const std::vector<double> first = monomial_factors(m, shifted_power(moments.centre, 1), a.terms.softmax_scale),
                            even = monomial_factors(m, shifted_power(moments.centre, power), a.terms.softmax_scale);
  Aligned<double> all(2 * m.width, 1.0);
  for (const Matrix& keys : a.keys) {
    Matrix ones(keys.rows, 1);
    std::fill(ones.entries.begin(), ones.entries.end(), 1.0);
    const Aligned<double> key_sums = sums.accumulate(keys, ones, control);
    const double n = static_cast<double>(keys.rows);
    for (std::size_t e = 0; e < m.width; ++e) all[e] *= key_sums[e] / n;
  }
  for (std::size_t e = 0; e < m.width; ++e) {
    all[m.width + e] = all[e] * even[e];
    all[e] *= first[e];
  }
  const double reach = scores.magnitude + std::abs(moments.centre);
  const double unit = polynomial_roundings(a, power, m.count) * 0x1p-52;
  const double mean_error = unit * reach + kUnderflow,
               power_error = unit * std::pow(reach, static_cast<double>(power)) + kUnderflow;
  sums.for_blocks(a.q, control, [&](const FeatureSums::Block& block) {
    std::vector<double> out(2 * block.rows);
    sums.contract(block, all, 2, out.data());
    for (std::size_t r = 0; r < block.rows; ++r) {
      moments.mean[block.first + r] = out[2 * r] - mean_error;
      moments.power_mean[block.first + r] = std::max(0.0, out[2 * r + 1]) + power_error;
    }
  });
  return moments;
}

std::vector<double> moment_polynomial(double lo, double hi, double centre, std::size_t power, std::size_t degree) {
  const Real from = static_cast<Real>(lo) - centre, to = static_cast<Real>(hi) - centre;
  const std::size_t nodes = degree + 1 - power;
  std::vector<Real> y(nodes), difference(nodes);
  for (std::size_t i = 0; i < nodes; ++i) {
    y[i] = (from + to) / 2 +
           (to - from) / 2 * std::cos(std::numbers::pi_v<Real> * (static_cast<Real>(i) + 0.5L) / static_cast<Real>(nodes));
    difference[i] = phi(y[i], power);
  }
  for (std::size_t step = 1; step < nodes; ++step)
    for (std::size_t i = nodes; i-- > step;)
      difference[i] = from == to ? 0 : (difference[i] - difference[i - 1]) / (y[i] - y[i - step]);
  std::vector<Real> p;  // of phi, in powers of y
  for (std::size_t i = nodes; i-- > 0;) p = horner_step(p, y[i], difference[i]);
  p.resize(nodes);
  Real inverse = 1;
  std::vector<Real> whole;
  for (std::size_t j = 0; j < power; ++j) {
    if (j > 0) inverse /= static_cast<Real>(j);
    whole.push_back(inverse);
  }
  whole.insert(whole.end(), p.begin(), p.end());
  std::vector<Real> in_scores;  // y = x - centre
  for (std::size_t j = whole.size(); j-- > 0;) in_scores = horner_step(in_scores, centre, whole[j]);
  in_scores.resize(degree + 1);
  return {in_scores.begin(), in_scores.end()};
}

}  // namespace gapwright
