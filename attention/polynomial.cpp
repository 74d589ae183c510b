// Near-linear attention for small entries: the polynomial method of Alman and Song [AS24], with the error this project proves for
// it.
//
// If P is a polynomial of degree g with e^{-x} P(x) in [least, most] for every score x, then P(S[i; J]) = sum_e f_e m_e(q_i)
// prod_u m_e(k_u[j_u]) over the r = C(d + g, g) monomials m_e of degree <= g, with f_e = coefficient * multinomial *
// softmax_scale^degree. So the sum over all J of P(S) v_J factors: with M_u[c, e] = sum_j v_u[j, c] m_e(k_u[j]) it is sum_e f_e
// m_e(q_i) prod_u M_u[c, e], and the denominator is the same with v = 1. Nothing of size n^{k-1} is ever formed.
//
// Error (docs/attention.md, Theorems 2 and 3). With rho = most / least every weight is the true one up to a factor common to the
// row and a factor in [rho^{-1/2}, rho^{1/2}], so a weighted mean of v moves by at most (range of v_J) tanh(ln(rho) / 4).
// Rounding: all terms of numerator and denominator pass at most K roundings, so both are wrong by at most gamma(K) Nmain Pabs
// max|v_J|, Pabs = sum_m |b_m| A^m with A >= sum_l |scale q prod k|; the denominator is at least Nmain Pmin.
//
// P is the best relative approximation (attention/relative_remez), rounded to doubles; `least` and `most` are proved for those
// doubles by the caller's prover. The interval is the instance's own: hulls of columns, row by row, cut with Hoelder's
// inequality.
//
// Most tuples score near the mean, far from the interval's ends, and the error is an average over tuples: if |P(x) - e^{x - c}|
// <= kappa (x - c)^p + constant on the interval, row i is wrong by at most range * delta / (e^{mean} - delta), delta = kappa
// mean_J (S - c)^p + constant (Theorem 2m). The moments cost C(d + p, p) features in one column (attention/score_moments), and
// often save one or two degrees. Example: all entries 0: R = 0, g = 0, r = 1, out = the mean of v_J.
#include "attention/polynomial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

#include "attention/causal.hpp"
#include "attention/exact_error.hpp"
#include "attention/packed.hpp"
#include "attention/polynomial_sums.hpp"
#include "attention/relative_remez.hpp"
#include "attention/score_moments.hpp"
#include "instances/errors.hpp"

namespace gapwright {
namespace {

constexpr double kOutward = 1 + 1e-12;
constexpr std::size_t kLargestDegree = 60;

/// max over the rows of the k-norm.
double largest_norm(const Matrix& m, std::size_t k) {
  double largest = 0;
  for (std::size_t r = 0; r < m.rows; ++r) {
    double sum = 0;
    for (std::size_t c = 0; c < m.columns; ++c) {
      double power = std::abs(m.at(r, c));
      const double x = power;
      for (std::size_t u = 1; u < k; ++u) power *= x;
      sum += power;
    }
    largest = std::max(largest, sum);
  }
  return std::pow(largest, 1 / static_cast<double>(k)) * kOutward;
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

/// What underflow adds, per tuple: with check_monomials the factors still to come are below 1e250 together, and there are fewer than 1e12 operations.
constexpr double kUnderflow = 1e-45;

/// The rounding error, given that every denominator is at least Nmain * plan.least_weight.
void bound_rounding(const Attention& a, double magnitude, PolynomialPlan& plan) {
  double absolute = 0, power = 1;
  for (const double b : plan.coefficients) {
    absolute += std::abs(b) * power;
    power *= plan.scores.magnitude;
  }
  const double n = polynomial_roundings(a, plan.degree, plan.features) * 0x1p-53;
  const double relative = plan.rounding_relative = n / (1 - n) * absolute / plan.least_weight * kOutward;
  plan.rounding_error = std::numeric_limits<double>::infinity();
  if (n < 0.25 && relative < 0.25)
    plan.rounding_error = magnitude * 2 * relative / (1 - relative) * (1 + 0x1p-40) + magnitude * 0x1p-52 + (magnitude > 0 ? kUnderflow / plan.least_weight : 0);
}

/// Fills in the certified bounds for plan.coefficients from the whole interval (Theorem 2).
void certify_by_interval(const Attention& a, const PolynomialOptions& options, const ValueBounds& values, PolynomialPlan& plan) {
  const auto [least, most] = options.prove(plan.coefficients, plan.scores.lo, plan.scores.hi);
  plan.approximation_error = plan.rounding_error = std::numeric_limits<double>::infinity();
  if (least <= 0) return;
  plan.least = outward(least, false);
  plan.most = outward(most, true);
  const mpq_class excess = most / least - 1;
  plan.approximation_error = values.range * std::tanh(std::log1p(outward(excess, true)) / 4) * kOutward;
  plan.least_weight = plan.least * std::exp(plan.scores.lo) / kOutward;
  bound_rounding(a, values.magnitude, plan);
}

/// The same from the moments of every row (Theorem 2m).
void certify_by_moments(const Attention& a, const PolynomialOptions& options, const ValueBounds& values,
                        const ScoreMoments& moments, PolynomialPlan& plan) {
  const auto [factor, constant] =
      options.prove_remainder(plan.coefficients, moments.centre, moments.power, plan.scores.lo, plan.scores.hi);
  plan.approximation_error = plan.rounding_error = std::numeric_limits<double>::infinity();
  const double kappa = outward(factor, true), left = outward(constant, true);
  double worst = 0, least_weight = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    const double wrong = (kappa * moments.power_mean[i] + left) * kOutward;
    const double weight = std::exp(moments.mean[i]) / kOutward - wrong;
    if (!(weight > 0)) return;
    worst = std::max(worst, wrong / weight);
    least_weight = std::min(least_weight, weight);
  }
  plan.approximation_error = values.range * worst * kOutward;
  plan.least_weight = least_weight / kOutward;
  bound_rounding(a, values.magnitude * (1 + worst), plan);  // P may be negative: |out~| <= |out| + range * worst
}

double estimated_seconds(const Attention& a, std::size_t features, unsigned threads) {
  constexpr double kMultiplyAddsPerSecond = 1e10;  // of one core, a low figure
  double rows = static_cast<double>(a.q.rows);
  for (const Matrix& keys : a.keys) rows += static_cast<double>(keys.rows);
  const double cores = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  return rows * static_cast<double>(features) * static_cast<double>(a.values[0].columns + 2) / (kMultiplyAddsPerSecond * cores);
}

}  // namespace

ScoreInterval score_interval(const Attention& a) {
  std::vector<Hull> hulls(a.q.columns, {a.terms.softmax_scale, a.terms.softmax_scale});
  const std::size_t power = a.keys.size() + 1;
  double norms = std::abs(a.terms.softmax_scale) * largest_norm(a.q, power);
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
  ScoreInterval interval{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), 0};
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    double lo = 0, hi = 0, magnitude = 0;
    for (std::size_t l = 0; l < hulls.size(); ++l) {
      const double x = a.q.at(i, l);
      const Hull term = times(hulls[l], {x, x});
      lo += term.lo;
      hi += term.hi;
      magnitude += std::max(std::abs(term.lo), std::abs(term.hi));
    }
    const double slack = magnitude * 1e-12;
    interval.lo = std::min(interval.lo, lo - slack);
    interval.hi = std::max(interval.hi, hi + slack);
    interval.magnitude = std::max(interval.magnitude, magnitude * kOutward);
  }
  norms *= kOutward;
  interval.lo = std::max(interval.lo, -norms);
  interval.hi = std::min(interval.hi, norms);
  interval.magnitude = std::min(interval.magnitude, norms);
  return interval;
}

namespace {

/// Monomials of one factor may overflow, or vanish although the scores they belong to do not, when entries of q are huge and
/// those of keys tiny. Columns whose scores stay below 1e-30 may vanish: that is far below the rounding error.
void check_monomials(const Attention& a, std::size_t degree) {
  const double limit = 250 / static_cast<double>(a.keys.size() + 2);  // decimal digits of each factor's exponent
  std::vector<std::vector<double>> maxima{column_maxima(a.q)};
  for (const Matrix& keys : a.keys) maxima.push_back(column_maxima(keys));
  for (std::size_t l = 0; l < a.q.columns; ++l) {
    double product = std::abs(a.terms.softmax_scale);
    for (const auto& largest : maxima) product *= largest[l];
    for (const auto& largest : maxima) {
      const double digits = largest[l] > 0 ? static_cast<double>(degree) * std::log10(largest[l]) : 0;
      if (digits > limit || (digits < -limit && product > 1e-30))
        throw LimitReached(
            fmt::format("entries up to {:.3g} in column {} to the power g = {} leave the range of f64; multiply that "
                        "column of q and divide those of the keys by one factor, or use --method exact",
                        largest[l], l, degree));
    }
  }
  if (const double value = largest_products(a).values; !(std::log10(value) <= limit))
    throw LimitReached(fmt::format("products of values up to {:.3g} leave the range of f64; scale them down, or use --method exact", value));
}

/// What a plan costs, up to a constant: multiply-adds per row.
double cost(const Attention& a, std::size_t features) {
  return static_cast<double>(features) * static_cast<double>(a.values[0].columns + 1);
}

/// The smallest degree that the whole interval certifies. Plan without coefficients: more features than allowed.
PolynomialPlan plan_by_interval(const Attention& a, const PolynomialOptions& options, const ValueBounds& values,
                                PolynomialPlan plan, const RunControl& control,
                                const std::function<double(const PolynomialPlan&)>& also) {
  double smallest = std::numeric_limits<double>::infinity();
  for (plan.degree = 0; plan.degree <= kLargestDegree; ++plan.degree) {
    control.check();
    const ExponentialPolynomial p = relative_remez(plan.scores.lo, plan.scores.hi, plan.degree);
    if (values.range * std::tanh(std::atanh(std::min(p.error, 0.999999)) / 2) > options.error) continue;  // not worth proving
    plan.features = binomial_or_max(a.q.columns, plan.degree);
    plan.coefficients.clear();
    if (plan.features > options.most_features) return plan;
    plan.coefficients = p.coefficients;
    certify_by_interval(a, options, values, plan);
    const double error = std::isfinite(plan.error()) && also ? std::max(plan.error(), also(plan)) : plan.error();
    if (error <= options.error) return plan;
    smallest = std::min(smallest, error);
    if (plan.rounding_error > options.error) break;  // it only grows with the degree
  }
  throw LimitReached(
      fmt::format("no degree reaches error {:.3g} on scores of half-length R = {:.3g} in float64 (the smallest certified, up to "
                  "degree {}, is {:.3g}); "
                  "allow a larger error, or use --method exact or certified",
                  options.error, plan.scores.half_length(), std::min(plan.degree, kLargestDegree), smallest));
}

/// Replaces `best` by a cheaper plan that the moments of the rows certify, if there is one.
void improve_by_moments(const Attention& a, const PolynomialOptions& options, const ValueBounds& values,
                        const RunControl& control, PolynomialPlan& best) {
  constexpr double kFarthest = 20;  // of a score from the centre: beyond, no small degree can do
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
      certify_by_moments(a, options, values, moments, plan);
      if (plan.error() > options.error) continue;
      best = plan;
      break;
    }
  }
}

}  // namespace

PolynomialPlan plan_polynomial(const Attention& a, const PolynomialOptions& options, const RunControl& control,
                               const std::function<double(const PolynomialPlan&)>& also) {
  check_well_formed(a);
  if (!(options.error > 0)) throw std::invalid_argument("--error must be above 0");
  if (!options.prove) throw std::invalid_argument("the polynomial method needs a prover for its polynomial");
  PolynomialPlan start;
  start.scores = score_interval(a);
  if (!(start.scores.magnitude < 500))
    throw LimitReached(fmt::format(
        "the scores may reach {:.3g} (half-length R = {:.3g}); the polynomial method needs them below 500, use --method exact",
        start.scores.magnitude, start.scores.half_length()));
  const ValueBounds values = value_bounds(a);
  PolynomialPlan plan = plan_by_interval(a, options, values, start, control, also);
  if (options.prove_remainder && !also) improve_by_moments(a, options, values, control, plan);
  plan.seconds = estimated_seconds(a, plan.features, control.threads);
  if (plan.coefficients.empty())
    throw LimitReached(
        fmt::format("error {:.3g} on scores of half-length R = {:.3g} needs degree g = {} and r = {:.4g} features (about "
                    "{:.2g} s), the limit is {}; "
                    "allow a larger error, or use --method exact",
                    options.error, plan.scores.half_length(), plan.degree, static_cast<double>(plan.features), plan.seconds,
                    options.most_features));
  check_monomials(a, plan.degree);
  return plan;
}

PolynomialAttention polynomial_attention(const Attention& a, const PolynomialOptions& options, const RunControl& control) {
  refuse_causal(a);
  PolynomialAttention result{Matrix(a.q.rows, a.values.empty() ? 0 : a.values[0].columns), plan_polynomial(a, options, control)};
  const PolynomialModel model(a, result.plan, control);
  model.sums.for_blocks(a.q, control, [&](const FeatureSums::Block& block) {
    std::vector<double> quotients(block.rows * model.columns);
    model.sums.contract(block, model.all, model.columns, quotients.data());
    for (std::size_t r = 0; r < block.rows; ++r)
      for (std::size_t c = 0; c + 1 < model.columns; ++c)
        result.out.at(block.first + r, c) = quotients[r * model.columns + c] / quotients[(r + 1) * model.columns - 1];
  });
  return result;
}

}  // namespace gapwright
