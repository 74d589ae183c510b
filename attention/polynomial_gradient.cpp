// The gradient in near-linear time, by reverse differentiation of the polynomial method.
//
// out~_i = N_i / D_i with N_ic = sum_e M[c,e] m_e(q_i), D_i the same with v = 1, M = f o M_1 o ... o M_{k-1}, M_u[c,e] = sum_j
// [v_u, 1][j,c] m_e(k_u[j]). Backwards:
//     w_i = (G_i / D_i, -<G_i, out~_i> / D_i);  dm(q_i) = w_i M;  dq_i = dm(q_i) through the derivative of the monomials;
//     dM[c,e] = sum_i w_ic m_e(q_i);  dM_u = dM o f o prod_{w != u} M_w;  dm(k_u[j]) = [v_u, 1]_j dM_u;  dk_u[j] likewise;
//     dv_u[j,c] = sum_e dM_u[c,e] m_e(k_u[j]).
// The derivative of the monomials goes through the same runs as their values, in reverse: every monomial is x_l times an earlier
// one. So the dS of section 6 is never formed.
//
// Error (docs/attention.md, Theorem 4). What comes out is the gradient formula with P'(S)/D in the place of Pr in dS, and P(S)/D
// in dv. If e^{-x}P lies in [a, b] and e^{-x}P' in [a', b'], then P'/D = Pr (1 + tau), |tau| <= max(1 - a'/b, b'/a - 1), and |dS~
// - dS| <= Pr |G_i|_1 e_S, e_S = tau (range v_J) + (1 + tau) (error of out). The mass of the tuples through one key is at most
// min(1, e^{hi - lo} / n_u). Rounding: as in Theorem 3, with P'abs = sum_m m |b_m| A^{m-1} and twice as many steps. Example: one
// key: out = v, dq = dk = 0 up to rounding, dv = G.
#include "attention/polynomial_gradient.hpp"

#include <algorithm>
#include <cmath>

#include "attention/causal.hpp"
#include "attention/exact_error.hpp"
#include "attention/packed.hpp"
#include "attention/polynomial_sums.hpp"
#include "instances/parallel_rows.hpp"

namespace gapwright {
namespace {

constexpr double kOutward = 1 + 1e-10;

/// max_c prod_{u != left out} max_j |m_u[j, c]|, times first[c].
double largest_product(const std::vector<Matrix>& matrices, std::size_t left_out, std::vector<double> first) {
  for (std::size_t u = 0; u < matrices.size(); ++u) {
    if (u == left_out) continue;
    const auto maxima = column_maxima(matrices[u]);
    for (std::size_t c = 0; c < first.size(); ++c) first[c] *= maxima[c];
  }
  return *std::max_element(first.begin(), first.end());
}

struct UpstreamNorms {
  double largest = 0, sum = 0;  ///< over the rows, of |G_i|_1
};

GradientError gradient_error(const Attention& a, const PolynomialPlan& plan, const UpstreamNorms& g,
                             const PolynomialOptions& options) {
  std::vector<double> derivative{0.0};
  if (plan.coefficients.size() > 1) derivative.clear();
  double absolute = 0, power = 1;
  for (std::size_t m = 1; m < plan.coefficients.size(); ++m) {
    derivative.push_back(static_cast<double>(m) * plan.coefficients[m]);
    absolute += std::abs(derivative.back()) * power;
    power *= plan.scores.magnitude;
  }
  // The derivative's coefficients as rounded: off by at most 2^-53 of each, which the rounding term below covers many times over.
  const auto [least, most] = options.prove(derivative, plan.scores.lo, plan.scores.hi);
  const double tau = std::max(1 - least.get_d() / plan.most, most.get_d() / plan.least - 1) * kOutward + 1e-15;
  const ValueBounds values = value_bounds(a);
  const double slope = tau * values.range + (1 + tau) * plan.error();
  const double scale = std::abs(a.terms.softmax_scale), condition = absolute / plan.least_weight;
  const std::vector<double> ones(a.q.columns, 1.0), value_ones(a.values[0].columns, 1.0), queries = column_maxima(a.q);
  const double steps = 4 * (static_cast<double>(a.q.rows) + static_cast<double>(plan.features) + 256) * 0x1p-53;
  const double rounding = 8 * (plan.rounding_relative + steps);
  GradientError error;
  error.q = scale * largest_product(a.keys, a.keys.size(), ones) * g.largest *
            (slope + 2 * values.magnitude * condition * rounding) * kOutward;
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const double n = static_cast<double>(a.keys[u].rows);
    const double mass = std::min(1.0, std::exp(plan.scores.hi - plan.scores.lo) / n);
    const double others = largest_product(a.keys, u, queries), other_values = largest_product(a.values, u, value_ones);
    error.keys = std::max(error.keys,
                          scale * others * g.sum * (mass * slope + 2 * values.magnitude * condition * rounding / n) * kOutward);
    error.values = std::max(
        error.values,
        other_values * g.sum * (mass * (plan.most / plan.least - 1) + 2 * rounding * (1 + 1 / plan.least_weight) / n) * kOutward);
  }
  return error;
}

}  // namespace

double GradientError::largest() const { return std::max({q, keys, values}); }

PolynomialGradient polynomial_gradient(const Attention& a, const Matrix& upstream, const PolynomialOptions& options,
                                       const RunControl& control) {
  refuse_causal(a);
  check_well_formed(a);
  check_upstream(a, upstream);
  UpstreamNorms norms;
  for (std::size_t i = 0; i < upstream.rows; ++i) {
    double norm = 0;
    for (std::size_t c = 0; c < upstream.columns; ++c) norm += std::abs(upstream.at(i, c));
    norms.largest = std::max(norms.largest, norm);
    norms.sum += norm;
  }
  PolynomialGradient result;
  const auto error_of = [&](const PolynomialPlan& plan) { return gradient_error(a, plan, norms, options); };
  result.plan = plan_polynomial(a, options, control, [&](const PolynomialPlan& plan) { return error_of(plan).largest(); });
  result.error = error_of(result.plan);
  result.out = Matrix(a.q.rows, upstream.columns);
  result.gradient.q = Matrix(a.q.rows, a.q.columns);

  const PolynomialModel model(a, result.plan, control);
  const std::size_t columns = model.columns;
  Matrix w(a.q.rows, columns);
  model.sums.for_blocks(a.q, control, [&](const FeatureSums::Block& block) {
    std::vector<double> quotients(block.rows * columns);
    model.sums.contract(block, model.all, columns, quotients.data());
    for (std::size_t r = 0; r < block.rows; ++r) {
      const double denominator = quotients[(r + 1) * columns - 1];
      double along = 0;
      for (std::size_t c = 0; c + 1 < columns; ++c) {
        const double out = quotients[r * columns + c] / denominator, g = upstream.at(block.first + r, c);
        result.out.at(block.first + r, c) = out;
        w.at(block.first + r, c) = g / denominator;
        along += g * out;
      }
      w.at(block.first + r, columns - 1) = -along / denominator;
    }
    model.sums.backward(block, &w.entries[block.first * columns], model.all, columns,
                        &result.gradient.q.entries[block.first * a.q.columns]);
  });

  const Aligned<double> d_all = model.sums.accumulate(a.q, w, control);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const Aligned<double> d_keys = model.product_without(u, d_all);
    const Matrix weights = with_ones(a.values[u]);
    Matrix dk(a.keys[u].rows, a.keys[u].columns), dv(a.values[u].rows, a.values[u].columns);
    model.sums.for_blocks(a.keys[u], control, [&](const FeatureSums::Block& block) {
      model.sums.backward(block, &weights.entries[block.first * columns], d_keys, columns, &dk.entries[block.first * dk.columns]);
      model.sums.contract(block, d_keys, columns - 1, &dv.entries[block.first * dv.columns]);
    });
    result.gradient.keys.push_back(std::move(dk));
    result.gradient.values.push_back(std::move(dv));
  }
  check_finite(result.gradient, Arithmetic::f64);
  return result;
}

}  // namespace gapwright
