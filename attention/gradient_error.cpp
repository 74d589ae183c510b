// SPDX-License-Identifier: MIT
// The error of exact gradients (Theorem A4e of docs/attention.md), for balanced inputs and upstream gradients: all entries at most 1.
//
// Row i: the second pass computes shares Pr^ with sum_J |Pr^ - Pr| <= m (attention/exact_error). The slope s = <g, v_J> - <g, out> is at
// most `range` = sum_c |g_c| (range of v_J[c]); it is computed within
// rho = sum_c |g_c| (error of out_c) + 2 gamma(d_v + 2 k + 8) sum_c |g_c| max|v_J[c]| + what underflows. Hence
// sum_J |dS^ - dS| <= Omega = m range + (1 + m) (rho + 3 u (range + rho)) + Nmain eta, and
// sum_J |dS^| <= beta = (1 + m) range + Omega. Sums over tuples and rows add gamma(number of roundings) times the sum of absolute
// values, so the errors, the first two times 2^T, are
//     dq[i, l]:     prod_u max_j |k_u[j, l]| (Omega_i + gamma(K_q) beta_i);
//     dk_u[j, l]:   prod_{w != u} max|k_w[., l]| sum_i |q[i, l]| (Omega_i + gamma(K_k) beta_i);
//     dv_u[j, c]:   prod_{w != u} max|v_w[., c]| sum_i |g[i, c]| (m_i + gamma(K_k) (1 + m_i)).
// K_q = tile + tiles + prefixes + 4 k + 12; K_k adds lanes, groups times prefixes and the parts. Every operation that underflows is off
// by at most eta, and later factors are at most 1, or 2^kSlack for a weight. Example: one key: Pr = 1 and s = 0, but the bound of dq is a
// few u, not 0.
#include "attention/gradient_error.hpp"

#include "support/rounding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "attention/exact_error.hpp"
#include "attention/kernels.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

constexpr double kGradientUpward = 1 + 1e-10;  // covers the roundings of the bounds themselves
constexpr double kTileAndParts = 64 + 16;      // of attention/gradient.cpp

struct RowBounds {
  double omega, beta;
};

RowBounds row_bounds(const PassSizes& sizes, const RowError& e, double magnitude, double range) {
  const double lost = 8 * sizes.value_columns * (sizes.order + 2) * sizes.smallest_normal;
  const double rho = e.mixing * range + e.summing * magnitude +
                     2 * sizes.gamma(sizes.value_columns + 2 * sizes.order + 8) * magnitude * (1 + e.summing) + lost;
  RowBounds b;
  b.omega = (e.mass * range + (1 + e.mass) * (rho + 3 * sizes.u * (range + rho)) + sizes.tuples * sizes.smallest_normal) *
            kGradientUpward;
  b.beta = ((1 + e.mass) * range + b.omega) * kGradientUpward;
  return b;
}

void require_bounded(const Balanced& b, const RowError& e, Arithmetic arithmetic) {
  const bool narrow = arithmetic == Arithmetic::f32;
  if (!std::isfinite(e.summing))
    throw LimitReached("so many terms in f32 leave no error of the gradient to state; compute in f64");
  if (!(e.mass < 1))
    throw LimitReached(fmt::format(
        "terms of scores may reach 1e{:.0f}, too large for gradients in {}: no error could be stated; {}scale the entries down",
        b.score_exponent * std::numbers::ln2 / std::numbers::ln10, narrow ? "f32" : "f64", narrow ? "compute in f64, or " : ""));
}

/// max_c errors[c] mantissa 2^(exponent + sign exponents[c]).
double largest_in_units(const std::vector<double>& errors, double mantissa, const std::vector<int>& exponents, int sign,
                        int exponent) {
  double largest = 0;
  for (std::size_t c = 0; c < errors.size(); ++c)
    largest = std::max(largest, scaled_up(errors[c] * mantissa * kGradientUpward, exponent + sign * exponents[c]));
  return largest;
}

void scale_columns(Matrix& m, double mantissa, const std::vector<int>& exponents, int sign, int exponent) {
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) m.at(r, c) = std::ldexp(m.at(r, c) * mantissa, exponent + sign * exponents[c]);
}

}  // namespace

double query_sensitivity(const Attention& a, const std::vector<double>& error) {
  const Balanced b(a);
  Matrix moved(a.q.rows, a.values[0].columns);
  for (std::size_t i = 0; i < moved.rows; ++i) std::fill_n(&moved.entries[i * moved.columns], moved.columns, error[i]);
  const BalancedUpstream g(b, moved);  // dq is linear in g, |dS| <= Pr sum_c |g_c| (range of v_J[c])
  const UpstreamNorms norms(g.g, value_bounds(b.attention));
  const double largest = *std::max_element(norms.range.begin(), norms.range.end()) + 0x1p-1000;
  std::vector<double> along = maxima_product(b.attention.keys, b.attention.keys.size());
  for (double& x : along) x *= largest;
  return largest_in_units(along, std::abs(b.mantissa), b.queries, 1, g.exponent);
}

std::vector<double> maxima_product(const std::vector<Matrix>& matrices, std::size_t left_out) {
  std::vector<double> product(matrices[0].columns, 1.0);
  for (std::size_t u = 0; u < matrices.size(); ++u) {
    if (u == left_out) continue;
    const auto maxima = column_maxima(matrices[u]);
    for (std::size_t c = 0; c < product.size(); ++c) product[c] *= maxima[c];
  }
  return product;
}

UpstreamNorms::UpstreamNorms(const Matrix& g, const ValueBounds& values) : magnitude(g.rows), range(g.rows) {
  for (std::size_t i = 0; i < g.rows; ++i)
    for (std::size_t c = 0; c < g.columns; ++c) {
      magnitude[i] += std::abs(g.at(i, c)) * values.magnitude[c] * upward(static_cast<double>(g.columns) + 2);
      range[i] += std::abs(g.at(i, c)) * values.range[c] * upward(static_cast<double>(g.columns) + 2);
    }
}

ColumnErrors exact_gradient_errors(const Balanced& b, const Matrix& g, Arithmetic arithmetic, const ExactPass& pass,
                                   std::size_t lanes) {
  const Attention& a = b.attention;
  const PassSizes sizes(a, arithmetic);
  const UpstreamNorms norms(g, value_bounds(a));
  const double rows = static_cast<double>(a.q.rows);
  const double along = kTileAndParts + std::ceil(sizes.last / 64) + sizes.prefixes + 4 * sizes.order + 12;
  const double across = along + static_cast<double>(lanes) + sizes.prefixes * std::ceil(rows / static_cast<double>(lanes));
  // A weight may be 2^kSlack before it is divided by the sum.
  const double slack =
      std::exp2(arithmetic == Arithmetic::f64 ? kernels::kSlack<double> : static_cast<double>(kernels::kSlack<float>));
  const double lost = 8 * sizes.smallest_normal * (sizes.order + 2) * sizes.tuples * slack;
  const double along_gamma = sizes.gamma(along), across_gamma = sizes.gamma(across);
  if (!std::isfinite(across_gamma) || !std::isfinite(along_gamma))
    throw LimitReached(fmt::format("sums of {:.3g} terms in f32 leave no error to state; compute in f64", sizes.tuples * rows));
  std::vector<double> by_query(a.q.columns), by_upstream(g.columns);
  double largest = 0;
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    require_bounded(b, pass.errors[i], arithmetic);
    const double mass = pass.errors[i].mass;
    const RowBounds row = row_bounds(sizes, pass.errors[i], norms.magnitude[i], norms.range[i]);
    largest = std::max(largest, row.omega + along_gamma * row.beta);
    for (std::size_t l = 0; l < by_query.size(); ++l)
      by_query[l] += std::abs(a.q.at(i, l)) * (row.omega + across_gamma * row.beta) * upward(rows + 8);
    for (std::size_t c = 0; c < by_upstream.size(); ++c)
      by_upstream[c] += std::abs(g.at(i, c)) * (mass + across_gamma * (1 + mass)) * upward(rows + 8);
  }
  ColumnErrors errors;
  for (const double maxima : maxima_product(a.keys, a.keys.size())) errors.q.push_back(maxima * largest + lost);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    errors.keys.push_back(maxima_product(a.keys, u));
    for (std::size_t l = 0; l < by_query.size(); ++l) errors.keys[u][l] = errors.keys[u][l] * by_query[l] + rows * lost;
    errors.values.push_back(maxima_product(a.values, u));
    for (std::size_t c = 0; c < by_upstream.size(); ++c) errors.values[u][c] = errors.values[u][c] * by_upstream[c] + rows * lost;
  }
  return errors;
}

GradientError in_units(const Balanced& b, int exponent, const ColumnErrors& errors) {
  GradientError error;
  error.q = largest_in_units(errors.q, std::abs(b.mantissa), b.queries, 1, exponent);
  for (std::size_t u = 0; u < errors.keys.size(); ++u) {
    error.keys.push_back(largest_in_units(errors.keys[u], 1, b.keys[u], -1, exponent + b.scale_exponent));
    error.values.push_back(largest_in_units(errors.values[u], 1, b.values[u], -1, exponent));
  }
  return error;
}

void to_units(const Balanced& b, int exponent, AttentionGradient& gradient) {
  scale_columns(gradient.q, b.mantissa, b.queries, 1, exponent);
  for (std::size_t u = 0; u < b.keys.size(); ++u) {
    scale_columns(gradient.keys[u], 1, b.keys[u], -1, exponent + b.scale_exponent);
    scale_columns(gradient.values[u], 1, b.values[u], -1, exponent);
  }
}

void check_finite(const AttentionGradient& gradient, const GradientError& error) {
  const auto finite = [](const Matrix& m) {
    return std::all_of(m.entries.begin(), m.entries.end(), [](double x) { return std::isfinite(x); });
  };
  if (!std::isfinite(error.largest()) || !finite(gradient.q) ||
      !std::all_of(gradient.keys.begin(), gradient.keys.end(), finite) ||
      !std::all_of(gradient.values.begin(), gradient.values.end(), finite))
    throw LimitReached("a gradient, or the bound of its error, is beyond f64; scale the upstream gradient down");
}

}  // namespace gapwright
