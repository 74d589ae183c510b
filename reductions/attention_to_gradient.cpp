// SPDX-License-Identifier: MIT
// Attention to gradient: whoever computes gradients fast computes the forward pass fast ([AS24b] for k = 2, [LSSZ24] for k = 3;
// here any k).
//
// Scale the scores by lambda, that is q by lambda: Loss(lambda) = 1/2 sum out^2 has dLoss/dlambda = <dLoss/dq (lambda q), q>. So
// Loss(1) is the rational number Loss(0), at which every output is the mean of v_J, plus an integral whose integrand is one
// oracle call per point.
//
// Quadrature (the papers' Riemann sum did not reach the accuracy). out is a quotient of exponential sums; for complex lambda with
// |Im lambda| = y < pi/R the weights of a row lie in a sector of half-angle y R/2, so the denominator is at least c = cos(y R/2)
// times the sum of the absolute weights, and on the strip the integrand is at most Mq = n_0 d_v v^2 (R/2) (1/c^2 + 1/c^3). The
// ellipse around [0, 1] with foci 0 and 1 inside the strip has sigma = 2y + sqrt(1 + 4y^2), and N-point Gauss-Legendre on [0, 1]
// is wrong by at most (1/2) (64/15) Mq sigma^{-2N} / (1 - sigma^{-2}) for every N >= 1 ([Tre08], Theorem 4.5; half the length of
// [-1, 1]): Chebyshev coefficients are at most 2 Mq sigma^{-j}; on T_j the rule is exact for j < 2N and odd j, wrong by at most
// 2 + 2/(j^2 - 1) <= 32/15 for even j >= 4, and for N = 1 on T_2 by 2 - 2/3 = 4/3 (N = 1, j = 4 attains 32/15). y is minimised
// over. An oracle that is wrong by eta in each entry adds at most eta |q|_1: the weights sum to 1.
//
// Rounding, u = 2^-53, A = max_i sum_l |scale q_il| prod_u max|k_u[., l]|: nodes are within 2^-50 of the true ones, and the
// errors of the weights sum to at most 2^-50 (compared with balls by a test, up to 1000 nodes). The integrand's derivative along
// a change h of q whose scores S^h stay within r of each other is at most n_0 d_v (2 r v 2 R v + v r R 2 v) = 6 n_0 d_v v^2 r R,
// so a moved node costs 6 R^2 2^-50 and lambda q rounded entry by entry (r = 2 A u) 12 A R u, in units of n_0 d_v v^2; weights
// cost 2 R 2^-50; the sums are gamma(n_0 d + N + 8) of the sum of absolute values, at most 2 A (1 + u) and what the oracle is
// wrong; Loss(0) is within gamma(sum n_u + 2 k + 8).
//
// Yes maps to yes: a row with out_i[0] >= yes_at_least makes Loss(1) at least yes^2/2. No maps to no: all n_0 outputs in [0,
// no_at_most] make it at most n_0 no^2/2. With delta <= 1/(4 sqrt(n_0)) the latter is at most a quarter of the former
// (reductions/delta.cpp). Example: k = 2, q = 1, keys 1 and -1, values 1 and 0: Loss(0) = 1/8,
// Loss(1) = (1/2) (1 + e^{-2 scale})^{-2}.
#include "reductions/attention_to_gradient.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <string>
#include <tuple>

#include "reductions/delta.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "support/rounding.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kMostCalls = 100'000;
constexpr double kNodeError = 0x1p-50;

struct Hull {
  double lo = 0, hi = 0;
};

Hull column_hull(const Matrix& m, std::size_t c) {
  Hull h{m.at(0, c), m.at(0, c)};
  for (std::size_t r = 1; r < m.rows; ++r) {
    h.lo = std::min(h.lo, m.at(r, c));
    h.hi = std::max(h.hi, m.at(r, c));
  }
  return h;
}

Hull times(const Hull& a, const Hull& b) {
  const auto [lo, hi] = std::minmax({a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi});
  return {lo, hi};
}

/// R >= max_i (max_J S - min_J S) and A >= max_i sum_l |scale q_il| prod_u max|k_u[., l]|, from the hulls of the columns.
struct Spread {
  double range = 0, magnitude = 0;
};
Spread spread_of_scores(const Attention& a) {
  std::vector<double> widths, largest;
  for (std::size_t l = 0; l < a.q.columns; ++l) {
    Hull product{a.terms.softmax_scale, a.terms.softmax_scale};
    for (const Matrix& keys : a.keys) product = times(product, column_hull(keys, l));
    largest.push_back(std::max(std::abs(product.hi), std::abs(product.lo)));
    // The ends pass k - 1 roundings each, which may hide a width.
    widths.push_back(product.hi - product.lo + largest.back() * 2 * (upward(static_cast<double>(a.keys.size() + 1)) - 1));
  }
  Spread spread;
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    double range = 0, magnitude = 0;
    for (std::size_t l = 0; l < widths.size(); ++l) {
      range += std::abs(a.q.at(i, l)) * widths[l];
      magnitude += std::abs(a.q.at(i, l)) * largest[l];
    }
    const double lift = upward(static_cast<double>(widths.size() + a.keys.size() + 5));
    spread = {std::max(spread.range, range * lift), std::max(spread.magnitude, magnitude * lift)};
  }
  return spread;
}

double largest_value(const Attention& a) {
  double largest = 0;
  for (std::size_t c = 0; c < a.values[0].columns; ++c) {
    double product = 1;
    for (const Matrix& v : a.values) {
      const Hull h = column_hull(v, c);
      product *= std::max(std::abs(h.lo), std::abs(h.hi));
    }
    largest = std::max(largest, product);
  }
  return largest;
}

/// Column 0 of the values only.
Attention first_column(const Attention& a) {
  Attention one{a.terms, a.q, a.keys, {}};
  for (const Matrix& v : a.values) {
    Matrix column(v.rows, 1);
    for (std::size_t r = 0; r < v.rows; ++r) {
      if (v.at(r, 0) < 0)
        throw BadInstance("a value in column 0 is negative; deciding through gradients needs outputs of at least 0");
      column.at(r, 0) = v.at(r, 0);
    }
    one.values.push_back(std::move(column));
  }
  return one;
}

}  // namespace

Quadrature gauss_legendre(std::size_t points) {
  Quadrature rule{std::vector<double>(points), std::vector<double>(points)};
  const auto n = static_cast<long double>(points);
  for (std::size_t i = 0; i < points; ++i) {
    long double x = std::cos(std::numbers::pi_v<long double> * (static_cast<long double>(i) + 0.75L) / (n + 0.5L)), slope = 1;
    for (int step = 0; step < 100; ++step) {
      long double below = 1, value = x;
      for (std::size_t m = 2; m <= points; ++m) {
        const auto mm = static_cast<long double>(m);
        const long double next = ((2 * mm - 1) * x * value - (mm - 1) * below) / mm;
        below = value;
        value = next;
      }
      slope = n * (x * value - below) / (x * x - 1);
      const long double move = value / slope;
      x -= move;
      if (std::abs(move) < 1e-18L) break;
    }
    rule.nodes[i] = static_cast<double>((1 - x) / 2);
    rule.weights[i] = static_cast<double>(1 / ((1 - x * x) * slope * slope));
  }
  return rule;
}

double quadrature_error(double rows, double value_columns, double value, double range, std::size_t points) {
  if (range == 0) return 0;
  double best = std::numeric_limits<double>::infinity();
  for (int step = 1; step < 400; ++step) {
    const double y = std::numbers::pi / range * step / 400, c = std::cos(y * range / 2);
    const double sigma = 2 * y + std::sqrt(1 + 4 * y * y);
    const double most = rows * value_columns * value * value * (range / 2) * (1 / (c * c) + 1 / (c * c * c));
    best = std::min(best, 32.0 / 15 * most * std::pow(sigma, -2.0 * static_cast<double>(points)) / (1 - 1 / (sigma * sigma)));
  }
  return best;
}

AttentionToGradient::AttentionToGradient(const Attention& a, double error, double oracle_error) : attention_(a) {
  check_well_formed(a);
  if (!(error > 0)) throw std::invalid_argument("the error asked for must be above 0");
  const Spread spread = spread_of_scores(a);
  range_ = spread.range;
  double entries = 0, key_rows = 0;
  for (const double x : a.q.entries) entries += std::abs(x);
  for (const Matrix& keys : a.keys) key_rows += static_cast<double>(keys.rows);
  const double value = largest_value(a) * (1 + 1e-12), rows = static_cast<double>(a.q.rows),
               columns = static_cast<double>(a.values[0].columns);
  const double unit = rows * columns * value * value;
  const double terms = static_cast<double>(a.q.entries.size()) + key_rows + 2 * static_cast<double>(a.keys.size()) + 16;
  const double fixed = oracle_error * entries +
                       unit * (kNodeError * (6 * range_ * range_ + 2 * range_) + 0x1p-53 * 12 * spread.magnitude * range_);
  const auto bound = [&](std::size_t points) {
    return fixed + quadrature_error(rows, columns, value, range_, points) +
           (terms + static_cast<double>(points)) * 0x1p-52 * (unit * (2 * spread.magnitude + 1) + oracle_error * entries);
  };
  calls_ = 1;
  while (calls_ <= kMostCalls && bound(calls_) > error) calls_ += std::max<std::size_t>(1, calls_ / 64);
  error_ = bound(calls_);
  own_error_ = error_ - oracle_error * entries;
  if (error_ > error)
    throw LimitReached("error " + std::to_string(error) + " cannot be reached with " + std::to_string(kMostCalls) +
                       " oracle calls: the oracle's own error and rounding already cost " + std::to_string(fixed));
}

double AttentionToGradient::loss_at_zero() const {
  double loss = 0;
  for (std::size_t c = 0; c < attention_.values[0].columns; ++c) {
    double mean = 1;
    for (const Matrix& v : attention_.values) {
      double sum = 0;
      for (std::size_t r = 0; r < v.rows; ++r) sum += v.at(r, c);
      mean *= sum / static_cast<double>(v.rows);
    }
    loss += mean * mean;
  }
  return loss / 2 * static_cast<double>(attention_.q.rows);
}

double AttentionToGradient::forward_loss(const GradientOracle& oracle) const { return bounded_loss(oracle).first; }

std::pair<double, double> AttentionToGradient::bounded_loss(const GradientOracle& oracle) const {
  const Quadrature rule = gauss_legendre(calls_);
  Attention scaled = attention_;
  double integral = 0, oracle_error = 0, entries = 0;
  for (const double x : attention_.q.entries) entries += std::abs(x);
  for (std::size_t point = 0; point < calls_; ++point) {
    for (std::size_t x = 0; x < scaled.q.entries.size(); ++x) scaled.q.entries[x] = rule.nodes[point] * attention_.q.entries[x];
    const GradientAnswer answer = oracle(scaled);
    if (answer.dq.entries.size() != scaled.q.entries.size())
      throw std::invalid_argument("the gradient oracle returned a matrix of another shape than q");
    double along = 0;
    for (std::size_t x = 0; x < answer.dq.entries.size(); ++x) along += answer.dq.entries[x] * attention_.q.entries[x];
    integral += rule.weights[point] * along;
    oracle_error += rule.weights[point] * answer.error * entries;
  }
  return {loss_at_zero() + integral, own_error_ + oracle_error * (1 + 1e-9)};
}

GradientDecision decide_by_gradients(const Attention& a, const GradientOracle& oracle) {
  check_well_formed(a);
  if (a.terms.causal)
    throw LimitReached(
        "the loss at 0 is that of unmasked attention, this input is meant under a causal mask; take another method");
  if (!a.terms.yes_at_least || !a.terms.no_at_most)
    throw BadInstance("the instance states no thresholds (yes_at_least, no_at_most), so there is nothing to decide");
  GradientDecision decision;
  const double yes = a.terms.yes_at_least->get_d(), no = a.terms.no_at_most->get_d();
  decision.yes_at_least = yes * yes / 2;
  decision.no_at_most = static_cast<double>(a.q.rows) * no * no / 2;
  const mpz_class rows = a.q.rows;
  if (!losses_separate(*a.terms.yes_at_least, *a.terms.no_at_most, rows))
    throw BadInstance("the losses of yes and no instances (at least " + std::to_string(decision.yes_at_least) + ", at most " +
                      std::to_string(decision.no_at_most) + ") do not separate: " + rows.get_str() +
                      " rows need an input made with delta at most " + decimal_down(gradient_delta(rows), 6));
  const Attention column = first_column(a);
  const AttentionToGradient rule(column, (decision.yes_at_least - decision.no_at_most) / 4);
  decision.calls = rule.calls();
  std::tie(decision.loss, decision.error) = rule.bounded_loss(oracle);
  // What lies between the two for certain keeps neither promise, and is not answered.
  const bool can_be_yes = decision.loss + decision.error >= decision.yes_at_least,
             can_be_no = decision.loss - decision.error <= decision.no_at_most;
  if (can_be_yes != can_be_no) decision.answer = can_be_yes;
  return decision;
}

}  // namespace gapwright
