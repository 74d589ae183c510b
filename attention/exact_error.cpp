// The a-posteriori error bound of exact attention (Theorem 1 of docs/attention.md, in the model fl(x op y) = (x op y)(1 + e), |e|
// <= u, of Higham, "Accuracy and Stability of Numerical Algorithms", chapters 2 and 3; gamma(n) = n u / (1 - n u)).
//
// Scores: every product passes at most n_s = d + 2 k + 4 roundings (conversion of the k factors, scale and log2(e), k - 1
// products, d additions), so each score is wrong by at most A_i gamma(n_s), A_i = sum_l |scale q_il| prod_u max|k_u[., l]|.
// Subtracting the running maximum adds 2 A_i u, exp2 adds kExp2Error u, and each of the R rescalings as much again. Hence every
// computed weight is the true one times e^{+-lambda} (up to a factor common to the row), lambda = A_i (gamma(n_s) + 2 (R + 1) u)
// + (R + 1) kExp2Error u, and weights perturbed so move a weighted mean by at most (range of v_J) tanh(lambda / 2). Sums: each
// weight passes at most K = tile + tiles + prefixes + R + 2 k + 4 roundings, in the numerator as in the denominator, so the
// quotient moves by at most max|v_J| (2 gamma(K) + u) / (1 - gamma(K)). Weights raised to 2^kSmallestExponent add at most 4 Nmain
// 2^kSmallestExponent max|v_J|. Underflow: an operation that underflows is off by at most the smallest normal number eta besides, and that grows by the
// factors still to come, which Pi = prod max(1, largest entry) exceeds. So scores are off by 4 d k eta Pi_scores more, products of values by
// 2 k eta Pi_values, and weighted values by eta per tuple. Example: k = 2, d = 1, one key: out = v, and the bound is a few u |v|, not 0.
#include "attention/exact_error.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "attention/kernels.hpp"
#include "attention/packed.hpp"

namespace gapwright {
namespace {

constexpr double kUpward = 1 + 1e-12;  // covers the roundings of the bound itself

double largest_product(std::vector<double> products, const std::vector<const Matrix*>& factors) {
  for (const Matrix* m : factors) {
    const auto largest = column_maxima(*m);
    for (std::size_t c = 0; c < products.size(); ++c) products[c] *= std::max(1.0, largest[c]);
  }
  return *std::max_element(products.begin(), products.end()) * kUpward;
}

}  // namespace

LargestProducts largest_products(const Attention& a) {
  std::vector<const Matrix*> scores{&a.q}, values;
  for (const Matrix& m : a.keys) scores.push_back(&m);
  for (const Matrix& m : a.values) values.push_back(&m);
  return {largest_product(std::vector<double>(a.q.columns, std::max(1.0, 2 * std::abs(a.terms.softmax_scale))), scores),
          largest_product(std::vector<double>(a.values[0].columns, 1.0), values)};
}

ValueBounds value_bounds(const Attention& a) {
  const std::size_t columns = a.values[0].columns;
  std::vector<double> low(columns, 1.0), high(columns, 1.0);
  for (const Matrix& v : a.values) {
    std::vector<double> least(v.entries.begin(), v.entries.begin() + static_cast<std::ptrdiff_t>(columns)), most = least;
    for (std::size_t j = 1; j < v.rows; ++j)
      for (std::size_t c = 0; c < columns; ++c) {
        least[c] = std::min(least[c], v.at(j, c));
        most[c] = std::max(most[c], v.at(j, c));
      }
    for (std::size_t c = 0; c < columns; ++c)
      std::tie(low[c], high[c]) = std::minmax({low[c] * least[c], low[c] * most[c], high[c] * least[c], high[c] * most[c]});
  }
  ValueBounds bounds;
  for (std::size_t c = 0; c < columns; ++c) {
    bounds.magnitude = std::max({bounds.magnitude, std::abs(low[c]), std::abs(high[c])});
    bounds.range = std::max(bounds.range, high[c] - low[c]);
  }
  // What underflow may have hidden; nothing is hidden where a factor is 0 throughout.
  const bool zero = std::any_of(a.values.begin(), a.values.end(), [](const Matrix& v) {
    return std::all_of(v.entries.begin(), v.entries.end(), [](double x) { return x == 0; });
  });
  const double hidden = zero ? 0 : 2 * static_cast<double>(a.values.size()) * std::numeric_limits<double>::min() * largest_products(a).values;
  return {bounds.magnitude * kUpward + hidden, bounds.range + bounds.magnitude * 1e-12 + 2 * hidden};
}

std::vector<double> score_bounds(const Attention& a) {
  std::vector<double> factors(a.q.columns, std::abs(a.terms.softmax_scale));
  for (const Matrix& keys : a.keys) {
    const auto largest = column_maxima(keys);
    for (std::size_t l = 0; l < factors.size(); ++l) factors[l] *= largest[l];
  }
  std::vector<double> bounds(a.q.rows);
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    double sum = 0;
    for (std::size_t l = 0; l < factors.size(); ++l) sum += std::abs(a.q.at(i, l)) * factors[l];
    bounds[i] = sum * kUpward;
  }
  return bounds;
}

std::vector<double> exact_errors(const Attention& a, Arithmetic arithmetic, const std::vector<std::size_t>& rescalings) {
  const double u = arithmetic == Arithmetic::f64 ? 0x1p-53 : 0x1p-24;
  const int smallest = arithmetic == Arithmetic::f64 ? kernels::kSmallestExponent<double> : kernels::kSmallestExponent<float>;
  const auto gamma = [&](double n) { return n * u < 0.5 ? n * u / (1 - n * u) : 1.0; };
  const double order = static_cast<double>(a.keys.size() + 1), last = static_cast<double>(a.keys.back().rows);
  double prefixes = 1;
  for (std::size_t w = 0; w + 1 < a.keys.size(); ++w) prefixes *= static_cast<double>(a.keys[w].rows);
  const double score_roundings = static_cast<double>(a.q.columns) + 2 * order + 4;
  const double tile = static_cast<double>(kTile);
  const double sum_roundings = std::min(last, tile) + std::ceil(last / tile) + prefixes + 2 * order + 4;
  const ValueBounds values = value_bounds(a);
  const LargestProducts products = largest_products(a);
  const double eta = arithmetic == Arithmetic::f64 ? std::numeric_limits<double>::min() : std::numeric_limits<float>::min();
  const double lost_score = 4 * static_cast<double>(a.q.columns) * order * eta * products.scores;
  const double lost_value = values.magnitude == 0 ? 0 : eta * (2 * order * products.values + 4 * prefixes * last);
  const std::vector<double> scores = score_bounds(a);
  std::vector<double> errors(a.q.rows);
  for (std::size_t i = 0; i < errors.size(); ++i) {
    const double times = static_cast<double>(rescalings[i]) + 1;
    const double lambda = scores[i] * (gamma(score_roundings) + 2 * times * u) + times * kernels::kExp2Error * u + lost_score;
    const double g = gamma(sum_roundings + times);
    const double summing = g < 0.5 ? (2 * g + u) / (1 - g) : 2.0;
    const double raised = 4 * prefixes * last * std::ldexp(1.0, smallest);
    // Both results lie in the hull of the v_J (up to the summing error): never claim more than that.
    errors[i] = kUpward * (values.range * std::tanh(lambda / 2) + values.magnitude * (std::min(summing, 2.0) + raised) + lost_value);
  }
  return errors;
}

double largest_error(const ExactAttention& result) { return *std::max_element(result.row_error.begin(), result.row_error.end()); }

}  // namespace gapwright
