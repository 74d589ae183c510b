// SPDX-License-Identifier: MIT
// The gradient in near-linear time, by reverse differentiation of the polynomial method.
//
// out~_i = N_i / D_i with N_ic = sum_e M[c,e] m_e(q_i), D_i the same with v = 1, M = f o M_1 o ... o M_{k-1},
// M_u[c,e] = sum_j [v_u, 1][j,c] m_e(k_u[j]). Backwards:
//     w_i = (G_i / D_i, -<G_i, out~_i> / D_i);  dm(q_i) = w_i M;  dq_i = dm(q_i) through the derivative of the monomials;
//     dM[c,e] = sum_i w_ic m_e(q_i);  dM_u = dM o f o prod_{w != u} M_w;  dm(k_u[j]) = [v_u, 1]_j dM_u;  dk_u[j] likewise;
//     dv_u[j,c] = sum_e dM_u[c,e] m_e(k_u[j]).
// The derivative of the monomials goes through the same runs as their values, in reverse: every monomial is x_l times an earlier
// one. So the dS of docs/attention.md, section 4, is never formed.
//
// Error (docs/attention.md, Theorem A4), for a balanced input. What comes out is the gradient formula with P'(S)/D in the place
// of Pr in dS, and P(S)/D in dv. If e^{-x}P lies in [a, b], a > 0, and e^{-x}P' in [a', b'], then P'/D = Pr (1 + t), t + 1
// between a'/b (a'/a where a' is negative) and b'/a (b'/b where b' is negative); tau is the largest |t|. D as computed is
// D (1 + e), which makes tau tau + (1 + tau) e / (1 - e). |dS~ - dS| <= Pr slope_i,
// slope_i = range_i tau + (1 + tau) (mixing range_i + (quotient error + 2 (d_v + 4) u) magnitude_i),
// range_i = sum_c |g_c| (range of v_J[c]), magnitude_i likewise. The mass of the tuples through one key is at most
// min(1, e^{hi - lo} / n_u). Rounding: written out, dq is a sum of terms w_c f_e (e_l m_e(q_i)/q_il) prod k_J^e v_J[c] over
// J, e, c; the sum of their absolute values is at most (|w| max|v| + |w_last|) Nmain |scale k_J,l| P'abs,
// P'abs = sum_m m |b_m| A^{m-1}, and |w| Nmain <= magnitude_i / (least_weight (1 - e)). A term passes at most K_g roundings:
// those of Theorem A3, those of the sum over the n_0 queries, and backwards through at most g levels of runs, at each of which it
// meets at most r + d others, 2 r more in the sums over monomials, and those of w. Keys and values likewise, with Nmain / n_u
// tuples through one key. Example: one key: out = v, dq = dk = 0 up to rounding, dv = G.
#include "attention/polynomial_gradient.hpp"

#include "support/rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "attention/causal.hpp"
#include "attention/gradient_error.hpp"
#include "attention/polynomial_sums.hpp"
#include "support/errors.hpp"
#include "support/parallel_rows.hpp"

namespace gapwright {
namespace {

constexpr double kGradientOutward = 1 + 1e-10;

}  // namespace

PolynomialSlopes slopes_of(const PolynomialPlan& plan, const RatioProver& prove) {
  PolynomialSlopes s;
  std::vector<double> derivative;
  double power = 1;
  s.value_absolute = std::abs(plan.coefficients[0]);
  for (std::size_t m = 1; m < plan.coefficients.size(); ++m) {
    derivative.push_back(static_cast<double>(m) * plan.coefficients[m]);
    s.absolute += std::abs(derivative.back()) * power;
    power *= plan.scores.magnitude;
    s.value_absolute += std::abs(plan.coefficients[m]) * power;
  }
  if (derivative.empty()) derivative.push_back(0);
  if (!std::isfinite(s.absolute) ||
      !std::all_of(derivative.begin(), derivative.end(), [](double x) { return std::isfinite(x); })) {
    s.tau = std::numeric_limits<double>::infinity();
    return s;
  }
  const auto [least, most] = prove(derivative, plan.scores.lo, plan.scores.hi);
  const double lowest = least.get_d(), highest = most.get_d();
  s.tau = std::max(1 - lowest / (lowest < 0 ? plan.least : plan.most), highest / (highest < 0 ? plan.most : plan.least) - 1) *
              kGradientOutward +
          1e-15;
  s.tau += 0x1p-52 * s.absolute / plan.least_weight;  // the derivative's coefficients were rounded
  return s;
}

namespace {

ColumnErrors gradient_errors(const Attention& a, const PolynomialPlan& plan, const Matrix& g, const UpstreamNorms& norms,
                             const PolynomialOptions& options) {
  const PolynomialSlopes s = slopes_of(plan, options.prove);
  const double columns = static_cast<double>(g.columns), rows = static_cast<double>(a.q.rows),
               degree = static_cast<double>(plan.degree);
  const double features = static_cast<double>(plan.features), dimension = static_cast<double>(a.q.columns);
  const double roundings = polynomial_roundings(a, plan.degree, plan.features) + rows / 48 + 96 + degree + 2 * columns +
                           (degree + 1) * (features + dimension + 2) + 2 * features;
  const double n = roundings * 0x1p-53, gamma = n / (1 - n);
  if (!(n < 0.5)) throw LimitReached(fmt::format("{:.3g} features leave no error of the gradient to state", features));
  const double e = plan.sum_error / (1 - plan.sum_error), tau = s.tau + (1 + s.tau) * e;
  const double tuples_over_sums = (1 + e) / plan.least_weight, lost = columns * kUnderflow * tuples_over_sums;
  const double turned = gamma * s.absolute * tuples_over_sums * (2 + 2 * plan.mixing + plan.quotient_error);
  const double moved = (plan.most / plan.least - 1) + plan.most / plan.least * e + 0x1p-52;
  if (!std::isfinite(s.tau + s.absolute + s.value_absolute + moved + turned))
    throw LimitReached(
        fmt::format("degree {} on scores of half-length R = {:.3g} leaves no error of the gradient to state; allow a "
                    "larger error, or use `method=exact`",
                    plan.degree, plan.scores.half_length()));
  std::vector<double> slope_sums(a.q.columns), turned_sums(a.q.columns), upstream_sums(g.columns);
  double largest = 0;
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    const double slope =
        norms.range[i] * tau +
        (1 + tau) * (plan.mixing * norms.range[i] + (plan.quotient_error + 2 * (columns + 4) * 0x1p-53) * norms.magnitude[i]);
    const double rounding = turned * norms.magnitude[i];
    largest =
        std::max(largest, slope + rounding + 0x1p-51 * (norms.range[i] + slope));  // the last: of dq by the scale's mantissa
    for (std::size_t l = 0; l < a.q.columns; ++l) {
      slope_sums[l] += std::abs(a.q.at(i, l)) * slope * upward(rows + 8);
      turned_sums[l] += std::abs(a.q.at(i, l)) * rounding * upward(rows + 8);
    }
    for (std::size_t c = 0; c < g.columns; ++c) upstream_sums[c] += std::abs(g.at(i, c)) * upward(rows + 8);
  }
  const double lost_terms = lost / a.terms.softmax_scale;
  ColumnErrors errors;
  for (const double keys : maxima_product(a.keys, a.keys.size()))
    errors.q.push_back((keys * largest + lost_terms) * kGradientOutward);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const double of_n = static_cast<double>(a.keys[u].rows),
                 mass = std::min(1.0, std::exp(plan.scores.hi - plan.scores.lo) * kGradientOutward / of_n);
    errors.keys.push_back(maxima_product(a.keys, u));
    for (std::size_t l = 0; l < slope_sums.size(); ++l)
      errors.keys[u][l] =
          (errors.keys[u][l] * (mass * slope_sums[l] + turned_sums[l] / of_n) + rows * lost_terms) * kGradientOutward;
    errors.values.push_back(maxima_product(a.values, u));
    const double rounding = gamma * s.value_absolute * tuples_over_sums / of_n;
    for (std::size_t c = 0; c < upstream_sums.size(); ++c)
      errors.values[u][c] = (errors.values[u][c] * upstream_sums[c] * (mass * moved + rounding) + rows * lost) * kGradientOutward;
  }
  return errors;
}

/// What is computed with, once the input is balanced.
struct Setting {
  const Balanced& balanced;
  const BalancedUpstream& upstream;
  const PolynomialModel& model;
  const RunControl& control;
};

/// Outputs and dq; returns w.
Matrix through_queries(const Setting& s, PolynomialGradient& result) {
  const Attention& a = s.balanced.attention;
  const PolynomialModel& model = s.model;
  const Matrix& g = s.upstream.g;
  const std::size_t columns = model.columns;
  result.out = Matrix(a.q.rows, g.columns);
  result.gradient.q = Matrix(a.q.rows, a.q.columns);
  Matrix w(a.q.rows, columns);
  model.sums.for_blocks(a.q, s.control, [&](const FeatureSums::Block& block) {
    std::vector<double> quotients(block.rows * columns);
    model.sums.contract(block, model.all, columns, quotients.data());
    for (std::size_t r = 0; r < block.rows; ++r) {
      const double denominator = quotients[(r + 1) * columns - 1];
      double along = 0;
      for (std::size_t c = 0; c + 1 < columns; ++c) {
        const double out = quotients[r * columns + c] / denominator, slope = g.at(block.first + r, c);
        result.out.at(block.first + r, c) = std::ldexp(out, s.balanced.outputs[c]);
        w.at(block.first + r, c) = slope / denominator;
        along += slope * out;
      }
      w.at(block.first + r, columns - 1) = -along / denominator;
    }
    model.sums.backward(block, &w.entries[block.first * columns], model.all, columns,
                        &result.gradient.q.entries[block.first * a.q.columns]);
  });
  return w;
}

/// dk and dv.
void through_keys(const Setting& s, const Matrix& w, AttentionGradient& gradient) {
  const Attention& a = s.balanced.attention;
  const PolynomialModel& model = s.model;
  const std::size_t columns = model.columns;
  const Aligned<double> d_all = model.sums.accumulate(a.q, w, s.control);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const Aligned<double> d_keys = model.product_without(u, d_all);
    const Matrix weights = with_ones(a.values[u]);
    Matrix dk(a.keys[u].rows, a.keys[u].columns), dv(a.values[u].rows, a.values[u].columns);
    model.sums.for_blocks(a.keys[u], s.control, [&](const FeatureSums::Block& block) {
      model.sums.backward(block, &weights.entries[block.first * columns], d_keys, columns, &dk.entries[block.first * dk.columns]);
      model.sums.contract(block, d_keys, columns - 1, &dv.entries[block.first * dv.columns]);
    });
    gradient.keys.push_back(std::move(dk));
    gradient.values.push_back(std::move(dv));
  }
}

/// Scores have the softmax scale as a factor, and so have dq and dk: the sums do not know of it.
void scale_back(AttentionGradient& gradient, double softmax_scale) {
  for (double& x : gradient.q.entries) x /= softmax_scale;
  for (Matrix& dk : gradient.keys)
    for (double& x : dk.entries) x /= softmax_scale;
}

}  // namespace

PolynomialGradient polynomial_gradient(const Attention& input, const Matrix& upstream, const PolynomialOptions& options,
                                       const RunControl& control) {
  refuse_causal(input, true);
  check_well_formed(input);
  check_upstream(input, upstream);
  const Balanced balanced(input);
  const Attention& a = balanced.attention;
  const BalancedUpstream g(balanced, upstream);
  const UpstreamNorms norms(g.g, value_bounds(a));
  PolynomialGradient result;
  const auto error_of = [&](const PolynomialPlan& plan) {
    return in_units(balanced, g.exponent, gradient_errors(a, plan, g.g, norms, options));
  };
  result.plan = plan_polynomial(balanced, options, control, [&](const PolynomialPlan& plan) { return error_of(plan).largest(); });
  result.error = error_of(result.plan);
  const PolynomialModel model(a, result.plan, control);
  const Setting setting{balanced, g, model, control};
  const Matrix w = through_queries(setting, result);
  through_keys(setting, w, result.gradient);
  scale_back(result.gradient, a.terms.softmax_scale);
  to_units(balanced, g.exponent, result.gradient);
  check_finite(result.gradient, result.error);
  return result;
}

}  // namespace gapwright
