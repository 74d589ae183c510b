// SPDX-License-Identifier: MIT
#include "instances/entries.hpp"

#include <algorithm>
#include <cmath>

namespace gapwright {

Matrix with_columns(const Matrix& m, std::size_t columns) {
  Matrix wide(m.rows, columns);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) wide.at(r, c) = m.at(r, c);
  return wide;
}

double largest_entry(const Attention& a) {
  double bound = 0;
  for (const double x : a.q.entries) bound = std::max(bound, std::abs(x));
  for (const Matrix& m : a.keys)
    for (const double x : m.entries) bound = std::max(bound, std::abs(x));
  return bound;
}

}  // namespace gapwright
