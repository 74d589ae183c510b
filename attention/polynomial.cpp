// SPDX-License-Identifier: MIT
// Near-linear attention for small entries: the polynomial method of Alman and Song [AS24], with the error this project proves for
// it.
//
// If P is a polynomial of degree g with e^{-x} P(x) in [least, most] for every score x, then P(S[i; J]) = sum_e f_e m_e(q_i)
// prod_u m_e(k_u[j_u]) over the r = C(d + g, g) monomials m_e of degree <= g, with
// f_e = coefficient * multinomial * softmax_scale^degree. So the sum over all J of P(S) v_J factors: with
// M_u[c, e] = sum_j v_u[j, c] m_e(k_u[j]) it is sum_e f_e m_e(q_i) prod_u M_u[c, e], and the denominator is the same with v = 1.
// Nothing of size n^{k-1} is ever formed.
//
// Error (docs/attention.md, Theorems A2 and A3). With rho = most / least every weight is the true one up to a factor common to the
// row and a factor in [rho^{-1/2}, rho^{1/2}], so a weighted mean of v moves by at most (range of v_J) tanh(ln(rho) / 4).
// Rounding: all terms of numerator and denominator pass at most K roundings, so both are wrong by at most gamma(K) Nmain Pabs
// max|v_J|, Pabs = sum_m |b_m| A^m with A >= sum_l |scale q prod k|; the denominator is at least Nmain Pmin. All of it is computed from the
// balanced input (attention/balanced): entries and monomials are at most 1, so an operation that underflows is off by at most
// 2^-1022 times the factors f_e still to come; with Nmain sum_e |f_e| <= 2^600 and fewer than 2^60 operations a term that is below 2^-300.
//
// P is the best relative approximation (attention/relative_remez), rounded to doubles; `least` and `most` are proved for those
// doubles by the caller's prover. The interval is the instance's own: hulls of columns, row by row, cut with Hoelder's
// inequality.
//
// Most tuples score near the mean, far from the interval's ends, and the error is an average over tuples: if
// |P(x) - e^{x - c}| <= kappa (x - c)^p + constant on the interval, row i is wrong by at most range * delta / (e^{mean} - delta),
// delta = kappa mean_J (S - c)^p + constant (Theorem A2m). The moments cost C(d + p, p) features in one column
// (attention/score_moments), and often save one or two degrees. Example: all entries 0: R = 0, g = 0, r = 1, out = the mean of
// v_J.
#include "attention/polynomial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>
#include <thread>

#include "attention/causal.hpp"
#include "attention/polynomial_sums.hpp"
#include "attention/relative_remez.hpp"
#include "attention/score_moments.hpp"
#include "support/errors.hpp"
#include "support/rounding.hpp"

namespace gapwright {
namespace {

constexpr double kOutward = 1 + 1e-12;
constexpr std::size_t kLargestDegree = 60;
constexpr double kLargestScore = 500;  // the interval is then at most 1000 long, and e^x stays far inside the doubles

/// max over the rows of the k-norm, entries at most 1; powers that underflow are off by 2^-1022 each.
double largest_norm(const Matrix& m, std::size_t k) {
  double largest = 0;
  for (std::size_t r = 0; r < m.rows; ++r) {
    double sum = 4 * static_cast<double>(m.columns * k) * std::numeric_limits<double>::min();
    for (std::size_t c = 0; c < m.columns; ++c) {
      double power = std::abs(m.at(r, c));
      const double x = power;
      for (std::size_t u = 1; u < k; ++u) power *= x;
      sum += power;
    }
    largest = std::max(largest, sum);
  }
  // d powers of k - 1 products; the root shrinks their error, and the library's pow is within a few units.
  return std::pow(largest, 1 / static_cast<double>(k)) * upward(static_cast<double>(m.columns + k + 8));
}

struct Hull {
  double lo, hi;
};
Hull times(Hull a, Hull b) {
  const auto [lo, hi] = std::minmax({a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi});
  return {lo, hi};
}

double outward(const mpq_class& q, bool up) {
  const double x = q.get_d();
  return std::nextafter(x, up ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity());
}

bool all_finite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

/// Nmain sum_e |f_e| stays below it, or kUnderflow would not do.
constexpr double kLargestFactors = 0x1p600;

/// Nmain sum_e |f_e| = Nmain sum_m |b_m| (d scale)^m.
double sum_of_factors(const Attention& balanced, std::span<const double> coefficients) {
  double sum = 0, power = 1;
  for (const Matrix& keys : balanced.keys) power *= static_cast<double>(keys.rows);
  for (const double b : coefficients) {
    if (b != 0) sum += std::abs(b) * power;
    power *= static_cast<double>(balanced.q.columns) * balanced.terms.softmax_scale;
  }
  return sum;
}

/// The rounding error, given that every denominator is at least Nmain * plan.least_weight; `beyond` is how far P's own outputs may leave
/// the hull of the values, relative to max|v_J|.
void bound_rounding(const Balanced& b, const ValueBounds& values, double beyond, PolynomialPlan& plan) {
  double absolute = 0, power = 1;
  for (const double c : plan.coefficients) {
    absolute += std::abs(c) * power;
    power *= plan.scores.magnitude;
  }
  const double n = polynomial_roundings(b.attention, plan.degree, plan.features) * 0x1p-53;
  const double e = plan.sum_error = (n / (1 - n) * absolute + kUnderflow) / plan.least_weight * kOutward;
  plan.rounding_error = std::numeric_limits<double>::infinity();
  if (!(n < 0.25 && e < 0.25 && sum_of_factors(b.attention, plan.coefficients) < kLargestFactors)) return;
  plan.quotient_error = ((1 + beyond) * 2 * e / (1 - e) * (1 + 0x1p-40) + 0x1p-52) * kOutward;
  plan.rounding_error = value_error(b, values, 0, plan.quotient_error);
}

/// Fills in the certified bounds for plan.coefficients from the whole interval (Theorem A2).
void certify_by_interval(const Balanced& b, const PolynomialOptions& options, const ValueBounds& values, PolynomialPlan& plan) {
  const auto [least, most] = options.prove(plan.coefficients, plan.scores.lo, plan.scores.hi);
  plan.approximation_error = plan.rounding_error = std::numeric_limits<double>::infinity();
  if (least <= 0) return;
  plan.least = outward(least, false);
  plan.most = outward(most, true);
  if (!(plan.least > 0)) return;
  const mpq_class excess = most / least - 1;
  plan.mixing = std::tanh(std::log1p(outward(excess, true)) / 4) * kOutward;
  plan.approximation_error = value_error(b, values, plan.mixing, 0);
  plan.least_weight = plan.least * std::exp(plan.scores.lo) / kOutward;
  bound_rounding(b, values, 0, plan);
}

/// The same from the moments of every row (Theorem A2m).
void certify_by_moments(const Balanced& b, const PolynomialOptions& options, const ValueBounds& values,
                        const ScoreMoments& moments, PolynomialPlan& plan) {
  const auto [factor, constant] =
      options.prove_remainder(plan.coefficients, moments.centre, moments.power, plan.scores.lo, plan.scores.hi);
  plan.approximation_error = plan.rounding_error = std::numeric_limits<double>::infinity();
  const double kappa = outward(factor, true), left = outward(constant, true);
  double worst = 0, least_weight = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < b.attention.q.rows; ++i) {
    const double wrong = (kappa * moments.power_mean[i] + left) * kOutward;
    const double weight = std::exp(moments.mean[i]) / kOutward - wrong;
    if (!(weight > 0)) return;
    worst = std::max(worst, wrong / weight);
    least_weight = std::min(least_weight, weight);
  }
  plan.mixing = worst * kOutward;
  plan.approximation_error = value_error(b, values, plan.mixing, 0);
  plan.least_weight = least_weight / kOutward;
  bound_rounding(b, values, 2 * plan.mixing, plan);  // P may be negative: |out~| <= |out| + range * worst, range <= 2 max|v_J|
}

double estimated_seconds(const Attention& a, std::size_t features, unsigned threads) {
  constexpr double kMultiplyAddsPerSecond = 1e10;  // of one core, a low figure
  double rows = static_cast<double>(a.q.rows);
  for (const Matrix& keys : a.keys) rows += static_cast<double>(keys.rows);
  const double cores = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  return rows * static_cast<double>(features) * static_cast<double>(a.values[0].columns + 2) / (kMultiplyAddsPerSecond * cores);
}

}  // namespace

ScoreInterval score_interval(const Attention& a) { return score_interval(Balanced(a)); }

ScoreInterval score_interval(const Balanced& balanced) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (std::any_of(balanced.beyond.begin(), balanced.beyond.end(), [](bool x) { return x; }))
    return {-kInfinity, kInfinity, kInfinity};
  const Attention& a = balanced.attention;
  std::vector<Hull> hulls(a.q.columns, {a.terms.softmax_scale, a.terms.softmax_scale});
  const std::size_t power = a.keys.size() + 1;
  double norms = a.terms.softmax_scale * largest_norm(a.q, power);
  for (const Matrix& keys : a.keys) {
    norms *= largest_norm(keys, power);
    for (std::size_t l = 0; l < hulls.size(); ++l) {
      Hull column{keys.at(0, l), keys.at(0, l)};
      for (std::size_t j = 1; j < keys.rows; ++j) {
        column.lo = std::min(column.lo, keys.at(j, l));
        column.hi = std::max(column.hi, keys.at(j, l));
      }
      hulls[l] = times(hulls[l], column);
    }
  }
  const double lost = lost_score(a, std::numeric_limits<double>::min() * std::max(1.0, a.terms.softmax_scale));
  const double operations = static_cast<double>(a.q.columns + power + 2);
  ScoreInterval interval{kInfinity, -kInfinity, 0};
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    double lo = 0, hi = 0, magnitude = 0;
    for (std::size_t l = 0; l < hulls.size(); ++l) {
      const double x = a.q.at(i, l);
      const Hull term = times(hulls[l], {x, x});
      lo += term.lo;
      hi += term.hi;
      magnitude += std::max(std::abs(term.lo), std::abs(term.hi));
    }
    // Each end is a sum of d terms of k products, wrong by at most (upward - 1) times the sum of their absolute values.
    const double slack = magnitude * (upward(operations) - 1) * 2 + lost;
    interval.lo = std::min(interval.lo, lo - slack);
    interval.hi = std::max(interval.hi, hi + slack);
    interval.magnitude = std::max(interval.magnitude, magnitude * upward(operations) + lost);
  }
  norms = norms * upward(2 * static_cast<double>(power) + 2) + lost;
  interval.lo = std::max(interval.lo, -norms);
  interval.hi = std::min(interval.hi, norms);
  interval.magnitude = std::max({std::min(interval.magnitude, norms), -interval.lo, interval.hi});
  return interval;
}

namespace {

/// What a plan costs, up to a constant: multiply-adds per row.
double cost(const Attention& a, std::size_t features) {
  return static_cast<double>(features) * static_cast<double>(a.values[0].columns + 1);
}

/// No degree does.
[[noreturn]] void refuse_error(const PolynomialOptions& options, const PolynomialPlan& plan, double smallest, bool gradient) {
  const std::size_t degree = std::min(plan.degree, kLargestDegree);
  throw LimitReached(fmt::format(
      "no degree reaches error {:.3g} on scores of half-length R = {:.3g} in float64 ({}); allow a larger error, or use {}",
      options.error, plan.scores.half_length(),
      std::isfinite(smallest) ? fmt::format("the smallest certified, up to degree {}, is {:.3g}", degree, smallest)
                              : fmt::format("none is certified up to degree {}", degree),
      gradient ? "`method=exact`" : "`method=exact|certified`"));
}

/// The smallest degree that the whole interval certifies. Plan without coefficients: more features than allowed.
PolynomialPlan plan_by_interval(const Balanced& b, const PolynomialOptions& options, const ValueBounds& values,
                                PolynomialPlan plan, const RunControl& control,
                                const std::function<double(const PolynomialPlan&)>& also) {
  double smallest = std::numeric_limits<double>::infinity();
  const bool hopeless =
      value_error(b, values, 0, 0x1p-52) > options.error;  // by rounding alone: the first proof will tell the number
  for (plan.degree = 0; plan.degree <= kLargestDegree; ++plan.degree) {
    control.check();
    const ExponentialPolynomial p = relative_remez(plan.scores.lo, plan.scores.hi, plan.degree);
    const double expected = value_error(b, values, std::tanh(std::atanh(std::min(p.error, 0.999999)) / 2), 0);
    if (expected > options.error && !hopeless) continue;  // not worth proving
    plan.features = binomial_or_max(b.attention.q.columns, plan.degree);
    plan.coefficients.clear();
    if (plan.features > options.most_features) return plan;
    if (!all_finite(p.coefficients)) continue;  // powers of a tiny interval's length
    plan.coefficients = p.coefficients;
    certify_by_interval(b, options, values, plan);
    const double error = std::isfinite(plan.error()) && also ? std::max(plan.error(), also(plan)) : plan.error();
    if (error <= options.error) return plan;
    smallest = std::min(smallest, error);
    // It only grows with the degree, but for polynomials so far from the exponential that their least value is what makes it large.
    if (plan.rounding_error > options.error && (hopeless || p.error < 0.5)) break;
  }
  refuse_error(options, plan, smallest, also != nullptr);
}

/// Replaces `best` by a cheaper plan that the moments of the rows certify, if there is one.
void improve_by_moments(const Balanced& b, const PolynomialOptions& options, const ValueBounds& values, const RunControl& control,
                        PolynomialPlan& best) {
  constexpr double kFarthest = 19;  // of a score from 0: beyond, no small degree can do
  const Attention& a = b.attention;
  const auto affordable = [&](std::size_t features) {
    return features <= options.most_features && (best.coefficients.empty() || cost(a, features) < cost(a, best.features));
  };
  for (const std::size_t power : {2, 4}) {
    const std::size_t moment_features = binomial_or_max(a.q.columns, power);
    if (moment_features > options.most_features || best.scores.magnitude > kFarthest) return;
    if (!best.coefficients.empty() && 2 * static_cast<double>(moment_features) > cost(a, best.features)) return;
    const ScoreMoments moments = score_moments(a, best.scores, power, control);
    PolynomialPlan plan = best;
    plan.moment = power;
    plan.least = plan.most = 0;
    for (plan.degree = power - 1; affordable(plan.features = binomial_or_max(a.q.columns, plan.degree)); ++plan.degree) {
      control.check();
      plan.coefficients = moment_polynomial(plan.scores.lo, plan.scores.hi, moments.centre, power, plan.degree);
      if (!all_finite(plan.coefficients)) continue;
      certify_by_moments(b, options, values, moments, plan);
      if (plan.error() > options.error) continue;
      best = plan;
      break;
    }
  }
}

}  // namespace

PolynomialPlan plan_polynomial(const Attention& a, const PolynomialOptions& options, const RunControl& control) {
  return plan_polynomial(Balanced(a), options, control);
}

PolynomialPlan plan_polynomial(const Balanced& b, const PolynomialOptions& options, const RunControl& control,
                               const std::function<double(const PolynomialPlan&)>& also) {
  if (!(options.error > 0)) throw std::invalid_argument("`error` must be above 0");
  if (!options.prove) throw std::invalid_argument("the polynomial method needs a prover for its polynomial");
  PolynomialPlan start;
  start.scores = score_interval(b);
  if (!(start.scores.magnitude < kLargestScore)) {
    if (!std::isfinite(start.scores.magnitude))
      throw LimitReached(
          fmt::format("the scores may reach 1e{:.0f}; the polynomial method needs them below {}, use `method=exact`",
                      std::floor(b.score_exponent * std::numbers::ln2 / std::numbers::ln10), kLargestScore));
    throw LimitReached(fmt::format(
        "the scores may reach {:.3g} (half-length R = {:.3g}); the polynomial method needs them below {}, use `method=exact`",
        start.scores.magnitude, start.scores.half_length(), kLargestScore));
  }
  const ValueBounds values = value_bounds(b.attention);
  if (!std::isfinite(value_error(b, values, 1, 1)))
    throw LimitReached(fmt::format("products of values may reach 2^{}, beyond f64; scale the values down",
                                   *std::max_element(b.outputs.begin(), b.outputs.end())));
  PolynomialPlan plan = plan_by_interval(b, options, values, start, control, also);
  if (options.prove_remainder && !also) improve_by_moments(b, options, values, control, plan);
  plan.seconds = estimated_seconds(b.attention, plan.features, control.threads);
  if (plan.coefficients.empty())
    throw LimitReached(
        fmt::format("error {:.3g} on scores of half-length R = {:.3g} needs degree g = {} and r = {:.4g} features (about "
                    "{:.2g} s), the limit is {}; "
                    "allow a larger error, or use `method=exact`",
                    options.error, plan.scores.half_length(), plan.degree, static_cast<double>(plan.features), plan.seconds,
                    options.most_features));
  return plan;
}

PolynomialAttention polynomial_attention(const Attention& a, const PolynomialOptions& options, const RunControl& control) {
  refuse_causal(a, false);
  const Balanced b(a);
  PolynomialAttention result{Matrix(a.q.rows, a.values[0].columns), plan_polynomial(b, options, control)};
  const PolynomialModel model(b.attention, result.plan, control);
  model.sums.for_blocks(b.attention.q, control, [&](const FeatureSums::Block& block) {
    std::vector<double> quotients(block.rows * model.columns);
    model.sums.contract(block, model.all, model.columns, quotients.data());
    for (std::size_t r = 0; r < block.rows; ++r)
      for (std::size_t c = 0; c + 1 < model.columns; ++c)
        result.out.at(block.first + r, c) =
            std::ldexp(quotients[r * model.columns + c] / quotients[(r + 1) * model.columns - 1], b.outputs[c]);
  });
  return result;
}

}  // namespace gapwright
