// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cmath>

#include "atlas/bindings.hpp"
#include "attention/polynomial.hpp"
#include "instances/attention.hpp"
#include "support/philox.hpp"
#include "verify/attention_balls.hpp"
#include "verify/polynomial_certificate.hpp"

// Attention inputs for tests: all sizes different, and outputs certified by balls.
namespace gapwright {

inline Matrix random_matrix(Random& random, std::size_t rows, std::size_t columns, double bound) {
  Matrix m(rows, columns);
  for (double& x : m.entries) x = bound * (2 * random.unit() - 1);
  return m;
}

/// Order k, n_0, n_1, ... and d, d_v all different.
inline Attention uneven_attention(Random& random, std::size_t order, double bound) {
  const std::size_t d = 3 + random.below(9), dv = d + 1 + random.below(4);
  Attention a;
  a.terms.softmax_scale = 1.0 / static_cast<double>(d);
  a.q = random_matrix(random, 2 + random.below(4), d, bound);
  for (std::size_t u = 1; u < order; ++u) {
    const std::size_t rows = (order == 2 ? 130 : order == 3 ? 9 : 4) + u + random.below(5);
    a.keys.push_back(random_matrix(random, rows, d, bound));
    a.values.push_back(random_matrix(random, rows, dv, 1));
  }
  return a;
}

/// Certified outputs as doubles, right to 2^-53 relative to the largest value or better.
inline Matrix certified_outputs(const Attention& a) {
  Matrix out(a.q.rows, a.values[0].columns);
  Attention column = a;
  for (std::size_t c = 0; c < out.columns; ++c) {
    for (std::size_t u = 0; u < a.values.size(); ++u) {
      column.values[u] = Matrix(a.values[u].rows, 1);
      for (std::size_t j = 0; j < a.values[u].rows; ++j) column.values[u].at(j, 0) = a.values[u].at(j, c);
    }
    const auto balls = outputs_by_balls(column, 0, a.q.rows, 256);
    for (std::size_t i = 0; i < out.rows; ++i) out.at(i, c) = mpq_class((lower(balls[i]) + upper(balls[i])) / 2).get_d();
  }
  return out;
}

inline double largest_difference(const Matrix& a, const Matrix& b) {
  double largest = 0;
  for (std::size_t x = 0; x < a.entries.size(); ++x) largest = std::max(largest, std::abs(a.entries[x] - b.entries[x]));
  return largest;
}

}  // namespace gapwright
