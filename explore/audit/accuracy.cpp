// SPDX-License-Identifier: MIT
// Plain softmax by its definition, in the arithmetic of a kernel: the coordinates and keys as given, reversed, and in two random orders.
#include "explore/audit/accuracy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "attention/exact.hpp"
#include "verify/attention_balls.hpp"

namespace gapwright {
namespace {

/// An order of the coordinates and of the keys of each matrix.
struct SummationOrder {
  std::vector<std::size_t> coordinates;
  std::vector<std::vector<std::size_t>> keys;
};

std::vector<std::size_t> as_given(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

std::vector<SummationOrder> four_orders(const Attention& a) {
  std::vector<SummationOrder> orders(4);
  Random random(1, 0);
  for (std::size_t o = 0; o < orders.size(); ++o) {
    const auto drawn = [&](std::size_t n) {
      std::vector<std::size_t> order = o < 2 ? as_given(n) : random_order(n, random);
      if (o == 1) std::ranges::reverse(order);
      return order;
    };
    orders[o].coordinates = drawn(a.q.columns);
    for (const Matrix& keys : a.keys) orders[o].keys.push_back(drawn(keys.rows));
  }
  return orders;
}

template <class T>
std::vector<T> in_order(const Matrix& m, const std::vector<std::size_t>& rows, const std::vector<std::size_t>& columns) {
  std::vector<T> entries;
  entries.reserve(m.entries.size());
  for (const std::size_t r : rows)
    for (const std::size_t c : columns) entries.push_back(static_cast<T>(m.at(r, c)));
  return entries;
}

/// All tuples of rows of some matrices: their coordinatewise products and the latest index of each, in lexicographic order.
template <class T>
struct Tuples {
  std::size_t columns = 0;
  std::vector<T> products;
  std::vector<std::size_t> latest;

  Tuples(const std::vector<Matrix>& matrices, const std::vector<std::vector<std::size_t>>& orders,
         const std::vector<std::size_t>& order)
      : columns(order.size()) {
    products.assign(columns, 1);
    latest.assign(1, 0);
    for (std::size_t u = 0; u < matrices.size(); ++u) {
      const std::vector<T> rows = in_order<T>(matrices[u], orders[u], order);
      std::vector<T> longer;
      std::vector<std::size_t> later;
      longer.reserve(products.size() * orders[u].size());
      for (std::size_t t = 0; t < latest.size(); ++t)
        for (std::size_t j = 0; j < orders[u].size(); ++j) {
          for (std::size_t c = 0; c < columns; ++c) longer.push_back(products[t * columns + c] * rows[j * columns + c]);
          later.push_back(std::max(latest[t], orders[u][j]));
        }
      products = std::move(longer);
      latest = std::move(later);
    }
  }
};

/// The definition, every operation in T; scores rounded to `narrow` where it is given.
template <class T>
Matrix plain_softmax(const AuditInput& input, const SummationOrder& order, const std::optional<Dtype>& narrow) {
  const Attention& a = input.attention;
  const Tuples<T> keys(a.keys, order.keys, order.coordinates), values(a.values, order.keys, as_given(a.values[0].columns));
  const std::vector<T> q = in_order<T>(a.q, as_given(a.q.rows), order.coordinates);
  const std::size_t d = a.q.columns, columns = values.columns;
  const T scale = static_cast<T>(a.terms.softmax_scale);
  Matrix out(a.q.rows, columns);
  std::vector<T> scores(keys.latest.size()), sums(columns);
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    T top = -std::numeric_limits<T>::infinity();
    for (std::size_t t = 0; t < scores.size(); ++t) {
      if (input.causal && keys.latest[t] > i) continue;
      T sum = 0;
      for (std::size_t c = 0; c < d; ++c) sum += q[i * d + c] * keys.products[t * d + c];
      scores[t] = scale * sum;
      if (narrow) scores[t] = static_cast<T>(rounded_to(*narrow, static_cast<double>(scores[t])));
      top = std::max(top, scores[t]);
    }
    T total = 0;
    std::ranges::fill(sums, T{0});
    for (std::size_t t = 0; t < scores.size(); ++t) {
      if (input.causal && keys.latest[t] > i) continue;
      T weight = std::exp(scores[t] - top);
      if (narrow) weight = static_cast<T>(rounded_to(*narrow, static_cast<double>(weight)));
      total += weight;
      for (std::size_t c = 0; c < columns; ++c) sums[c] += weight * values.products[t * columns + c];
    }
    for (std::size_t c = 0; c < columns; ++c) out.at(i, c) = static_cast<double>(sums[c] / total);
  }
  return out;
}

double largest_difference(const Matrix& a, const Matrix& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.entries.size(); ++i) largest = std::max(largest, std::abs(a.entries[i] - b.entries[i]));
  return largest;
}

double largest_size(const Matrix& m) {
  double largest = 0;
  for (const double x : m.entries) largest = std::max(largest, std::abs(x));
  return largest;
}

/// S: over a row and a tuple of keys, by the largest entry of each coordinate in the matrices beyond the first.
double largest_score(const Attention& a) {
  std::vector<double> others(a.q.columns, a.terms.softmax_scale);
  for (std::size_t u = 1; u < a.keys.size(); ++u)
    for (std::size_t c = 0; c < a.q.columns; ++c) {
      double largest = 0;
      for (std::size_t j = 0; j < a.keys[u].rows; ++j) largest = std::max(largest, std::abs(a.keys[u].at(j, c)));
      others[c] *= largest;
    }
  double most = 0;
  for (std::size_t i = 0; i < a.q.rows; ++i)
    for (std::size_t j = 0; j < a.keys[0].rows; ++j) {
      double sum = 0;
      for (std::size_t c = 0; c < a.q.columns; ++c) sum += std::abs(a.q.at(i, c) * a.keys[0].at(j, c)) * others[c];
      most = std::max(most, sum);
    }
  return most;
}

/// The smallest number above 0.
double least(Dtype dtype) {
  return dtype == Dtype::f64 ? 0x1p-1074 : dtype == Dtype::f32 ? 0x1p-149 : dtype == Dtype::bf16 ? 0x1p-133 : 0x1p-24;
}

/// What roundings of scores may do to an output (Theorem E8): 4 S u, or less in a row whose best tuple leads by more than they can take.
double score_roundings(const AuditInput& input, double u) {
  const Attention& a = input.attention;
  const std::vector<std::size_t> coordinates = as_given(a.q.columns);
  std::vector<std::vector<std::size_t>> rows;
  for (const Matrix& keys : a.keys) rows.push_back(as_given(keys.rows));
  const Tuples<double> keys(a.keys, rows, coordinates);
  const double rounded = 4 * largest_score(a) * u, tuples = static_cast<double>(keys.latest.size());
  double most = 0;
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    double best = -std::numeric_limits<double>::infinity(), next = best;
    for (std::size_t t = 0; t < keys.latest.size(); ++t) {
      if (input.causal && keys.latest[t] > i) continue;
      double sum = 0;
      for (std::size_t c = 0; c < a.q.columns; ++c) sum += a.q.at(i, c) * keys.products[t * a.q.columns + c];
      sum *= a.terms.softmax_scale;
      if (sum > best)
        next = std::exchange(best, sum);
      else
        next = std::max(next, sum);
    }
    most = std::max(most, std::min(rounded, 4 * tuples * std::exp(next - best + 2 * rounded)));
  }
  return most;
}

/// Half a unit in the last place of 1.
double half_unit(Dtype dtype) { return std::exp2(-significand_bits(dtype)); }

double median_size(const Matrix& out) {
  std::vector<double> rows;
  for (std::size_t i = 0; i < out.rows; ++i) rows.push_back(largest_size(rows_of(out, i, i + 1)));
  std::ranges::nth_element(rows, rows.begin() + static_cast<std::ptrdiff_t>(rows.size() / 2));
  return rows[rows.size() / 2];
}

Matrix in_arithmetic(const AuditInput& input, const SummationOrder& order, Dtype dtype, const Accuracy& accuracy) {
  if (dtype == Dtype::f64) return plain_softmax<double>(input, order, {});
  Matrix out = plain_softmax<float>(input, order, accuracy.narrow_scores ? std::optional(dtype) : std::nullopt);
  for (double& x : out.entries) x = rounded_to(dtype, x);
  return out;
}

}  // namespace

AuditTruth audit_truth(const AuditInput& input, Dtype dtype, const Accuracy& accuracy, const RunControl& control) {
  Attention a = input.attention;
  a.terms.causal = input.causal;
  const Dtype sums = dtype == Dtype::f64 ? Dtype::f64 : Dtype::f32;
  double values = 1, tuples = 1;
  for (const Matrix& m : a.values) values *= largest_size(m);
  for (const Matrix& keys : a.keys) tuples *= static_cast<double>(keys.rows);
  // In a narrow type weights may be rounded once, and outputs are.
  const double units = (std::max(32.0, 2 * std::log(tuples) + 6) + 2 * std::sqrt(tuples)) * half_unit(sums) +
                       score_roundings(input, half_unit(sums)) + (dtype == sums ? 0 : 2 * half_unit(dtype));
  std::vector<Matrix> plain;
  for (const SummationOrder& order : four_orders(a)) {
    control.check();
    plain.push_back(in_arithmetic(input, order, dtype, accuracy));
  }
  const auto allowed = [&](const Matrix& out) {
    double error = 0;
    for (const Matrix& m : plain) error = std::max(error, largest_difference(m, out));
    return accuracy.factor * error + units * values + tuples * least(sums) + least(dtype);
  };
  ExactAttention exact = exact_attention(a, Arithmetic::f64, control);
  AuditTruth truth{std::move(exact.out), largest_error(exact), 0, 0};
  truth.allowed = allowed(truth.out);
  if (!(truth.radius <= truth.allowed / 100)) {
    CertifiedAttention certified = certified_attention(a, truth.allowed / 100, control);
    truth.out = std::move(certified.out);
    truth.radius = certified.error;
    truth.allowed = allowed(truth.out);
  }
  truth.telling = median_size(truth.out);
  return truth;
}

}  // namespace gapwright
