// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <functional>
#include <span>
#include <utility>

#include "attention/balanced.hpp"
#include "attention/monomials.hpp"
#include "instances/attention.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// Proved bounds of e^{-x} P(x) on [lo, hi], least and most, for a polynomial given by its coefficients. The prover is the
/// caller's: verify/polynomial_certificate, which this room must not see.
using RatioProver = std::function<std::pair<mpq_class, mpq_class>(std::span<const double> coefficients, double lo, double hi)>;

/// A proved (factor, constant) with |P(x) - e^{x - centre}| <= factor (x - centre)^order + constant on [lo, hi]:
/// verify/remainder_certificate.
using RemainderProver = std::function<std::pair<mpq_class, mpq_class>(std::span<const double> coefficients, double centre,
                                                                      std::size_t order, double lo, double hi)>;

struct PolynomialOptions {
  double error = 1e-3;                  ///< wanted: |out - exact| of every entry
  std::size_t most_features = 400'000;  ///< refuse more monomials than this
  RatioProver prove;                    ///< required
  RemainderProver prove_remainder;      ///< if given, moments of the scores may certify a smaller degree
};

/// [lo, hi] contains every score; `magnitude` is at least sum_l |scale q_il prod k_u[j_u, l]| for every row and tuple.
struct ScoreInterval {
  double lo = 0, hi = 0, magnitude = 0;
  double half_length() const { return (hi - lo) / 2; }
};
/// From column hulls row by row, and from Hoelder's inequality |S| <= |scale| |q_i|_k prod_u |k_u[j_u]|_k; rounded outward. The whole line
/// for scores that may pass 2^100.
ScoreInterval score_interval(const Attention&);
ScoreInterval score_interval(const Balanced&);

/// Everything known before the n rows are looked at: which polynomial, and what it guarantees.
struct PolynomialPlan {
  ScoreInterval scores;
  std::size_t degree = 0;            ///< g
  std::size_t features = 0;          ///< r = C(d + g, g)
  std::vector<double> coefficients;  ///< of P, powers of the score
  std::size_t moment = 0;            ///< 0: certified on the whole interval; else by this moment of every row's scores
  double least = 0, most = 0;        ///< moment = 0: e^{-x} P(x) lies in between (rounded outward)
  double mixing = 0;                 ///< |out of P - exact| <= mixing (range of v_J) in every column
  double sum_error = 0;              ///< of every numerator and denominator as computed, relative to Nmain least_weight max|v_J|
  double quotient_error = 0;         ///< |out - out of P| <= quotient_error max|v_J| in every column
  double approximation_error = 0;    ///< certified, from P alone: the largest mixing * range
  double rounding_error = 0;         ///< bound of everything computed in floating point: the largest quotient_error * magnitude
  double least_weight = 0;           ///< at most mean_J P(S[i; J]) of every row
  double seconds = 0;                ///< estimated for these threads
  double error() const { return approximation_error + rounding_error; }
};

/// The smallest degree whose certified error meets options.error. Throws std::invalid_argument for error <= 0 or no prover;
/// LimitReached with R, g, r and the time estimate when r passes the limit, or when no degree can meet the error in float64.
/// `also`, if given, is another error of the plan that must meet options.error (the gradient's).
PolynomialPlan plan_polynomial(const Attention&, const PolynomialOptions&, const RunControl& = {});
PolynomialPlan plan_polynomial(const Balanced&, const PolynomialOptions&, const RunControl& = {},
                               const std::function<double(const PolynomialPlan&)>& also = {});

/// Attention in time O(r d_v sum n_u) [AS24, AA22]; memory O(r (d_v + 1)) beyond the result. The same bytes for any number of
/// threads.
struct PolynomialAttention {
  Matrix out;  ///< |out - exact| <= plan.error() in every entry
  PolynomialPlan plan;
};
PolynomialAttention polynomial_attention(const Attention&, const PolynomialOptions&, const RunControl& = {});

}  // namespace gapwright
