// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "instances/attention.hpp"

namespace gapwright {

/// dLoss/dq (n_0 x d), every entry within `error` of the truth.
struct GradientAnswer {
  GradientAnswer(Matrix gradient, double bound = 0) : dq(std::move(gradient)), error(bound) {}
  Matrix dq;
  double error;
};
/// Something that returns dLoss/dq of Loss = 1/2 sum_{i,c} out[i,c]^2 for an attention input.
using GradientOracle = std::function<GradientAnswer(const Attention&)>;

/// Nodes and weights of N-point Gauss-Legendre quadrature on [0, 1].
struct Quadrature {
  std::vector<double> nodes, weights;
};
Quadrature gauss_legendre(std::size_t points);

/// Attention to gradients: forward answers from a gradient oracle alone [LSSZ24, AS24b; the quadrature and its error bound are
/// ours]. Loss(1) = Loss(0) + integral over lambda in [0, 1] of <dLoss/dq (lambda q), q>, by Gauss-Legendre.
class AttentionToGradient {
 public:
  /// The number of oracle calls is the smallest whose error bound is at most `error`. `oracle_error` bounds the oracle's error in
  /// each entry of dq. The input must be well formed (BadInstance) and outlive the rule; LimitReached when `error`
  /// cannot be met: oracle_error |q|_1 alone is beyond it, or more than 100,000 calls would be needed.
  AttentionToGradient(const Attention&, double error, double oracle_error = 0);

  std::size_t calls() const { return calls_; }
  double score_range() const { return range_; }      ///< R >= max_i (max_J S - min_J S)
  double error_bound() const { return error_; }      ///< |forward_loss - Loss(1)| is at most this
  double loss_at_zero() const;                       ///< Loss(0), where every output is the mean of v_J
  double forward_loss(const GradientOracle&) const;  ///< Loss(1), by calls() oracle calls, whatever error they state
  /// Loss(1), and a bound of its error that has the errors which the oracle's answers state in the place of oracle_error.
  std::pair<double, double> bounded_loss(const GradientOracle&) const;

 private:
  const Attention& attention_;
  std::size_t calls_ = 0;
  double range_ = 0;
  double error_ = 0;
  double own_error_ = 0;  ///< without the oracle's
};

/// The bound of the quadrature error for N points: n_0 outputs of d_v columns, scores within R of each other, |v_J| <= v.
double quadrature_error(double rows, double value_columns, double largest_value, double range, std::size_t points);

/// Decides an instance with thresholds on out_i[0] >= 0 ("sharp", "direct") through gradients alone: a yes instance has
/// Loss(1) >= yes^2/2, a no instance at most n_0 no^2/2. Throws BadInstance without thresholds, with a negative value in column
/// 0, or when these two do not separate (then delta must be at most 1/(4 sqrt(n_0))).
struct GradientDecision {
  std::optional<bool> answer;               ///< empty: the enclosure contains the middle
  double loss = 0;                          ///< of column 0
  double error = 0;                         ///< of the quadrature, of the oracle's answers as they state it, and of rounding
  double yes_at_least = 0, no_at_most = 0;  ///< of the loss
  std::size_t calls = 0;
};
GradientDecision decide_by_gradients(const Attention&, const GradientOracle&);

}  // namespace gapwright
