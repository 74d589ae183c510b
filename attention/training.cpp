// SPDX-License-Identifier: MIT
// The gradient of X in tensor attention training [LSSZ24], through attention of the same order in a larger dimension.
//
// (A_1 X (A_2 (Kronecker) A_3)^T)[i; j, l] = sum_{b, c} (A_1 X)[i, (b, c)] A_2[j, b] A_3[l, c]: with q = A_1 X,
// k_1[j, (b, c)] = A_2[j, b] and k_2[l, (b, c)] = A_3[l, c] that is an attention score of dimension d_2 d_3, and the same with
// values. So out of the lifted input times Y is the problem's output, its upstream gradient is (out Y - E) Y^T, and
// dX = A_1^T dq, which is scale A_1^T dS (A_2 (Kronecker) A_3) written out. Both methods for dq serve: exact, and near-linear
// when the scores are small.
// Example: k = 2: keys and values are not repeated at all, and the problem is ordinary attention with q = A_1 X.
#include "attention/training.hpp"

#include "support/errors.hpp"

namespace gapwright {
namespace {

Matrix multiply(const Matrix& a, const Matrix& b) {
  Matrix c(a.rows, b.columns);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t l = 0; l < a.columns; ++l)
      for (std::size_t j = 0; j < b.columns; ++j) c.at(i, j) += a.at(i, l) * b.at(l, j);
  return c;
}

Matrix transposed(const Matrix& a) {
  Matrix t(a.columns, a.rows);
  for (std::size_t i = 0; i < a.rows; ++i)
    for (std::size_t j = 0; j < a.columns; ++j) t.at(j, i) = a.at(i, j);
  return t;
}

/// Matrix u with its columns repeated to the C-order product of all column counts.
std::vector<Matrix> spread(const std::vector<Matrix>& matrices, std::size_t& columns) {
  columns = 1;
  for (const Matrix& m : matrices) columns *= m.columns;
  std::vector<Matrix> wide;
  std::size_t inner = columns;
  for (const Matrix& m : matrices) {
    inner /= m.columns;
    wide.emplace_back(m.rows, columns);
    for (std::size_t r = 0; r < m.rows; ++r)
      for (std::size_t c = 0; c < columns; ++c) wide.back().at(r, c) = m.at(r, c / inner % m.columns);
  }
  return wide;
}

void require(bool holds, const char* what) {
  if (!holds) throw BadInstance(what);
}

}  // namespace

Attention lifted(const TrainingProblem& p) {
  require(!p.keys.empty() && p.keys.size() == p.values.size(),
          "a training problem needs as many key as value matrices, at least one of each");
  for (std::size_t u = 0; u < p.keys.size(); ++u)
    require(p.keys[u].columns > 0 && p.values[u].columns > 0, "a key or value matrix has no columns");
  Attention a;
  a.terms.softmax_scale = p.softmax_scale;
  std::size_t key_columns = 0, value_columns = 0;
  a.keys = spread(p.keys, key_columns);
  a.values = spread(p.values, value_columns);
  require(p.x.rows == p.queries.columns && p.x.columns == key_columns,
          "X must have as many rows as A_1 has columns, and the product of the keys' columns as columns");
  require(p.y.rows == value_columns, "Y must have the product of the values' columns as rows");
  require(p.target.rows == p.queries.rows && p.target.columns == p.y.columns, "E must have the rows of A_1 and the columns of Y");
  a.q = multiply(p.queries, p.x);
  check_well_formed(a);
  return a;
}

GradientMethod exact_method(const RunControl& control) {
  return {[control](const Attention& a) { return exact_attention(a, Arithmetic::f64, control).out; },
          [control](const Attention& a, const Matrix& upstream) {
            return exact_gradient(a, upstream, Arithmetic::f64, control).gradient.q;
          }};
}

TrainingGradient training_gradient(const TrainingProblem& p, const GradientMethod& method) {
  const Attention a = lifted(p);
  Matrix residual = multiply(method.out(a), p.y);
  TrainingGradient result;
  for (std::size_t i = 0; i < residual.entries.size(); ++i) {
    residual.entries[i] -= p.target.entries[i];
    result.loss += residual.entries[i] * residual.entries[i] / 2;
  }
  result.x = multiply(transposed(p.queries), method.dq(a, multiply(residual, transposed(p.y))));
  return result;
}

}  // namespace gapwright
