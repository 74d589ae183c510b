// SPDX-License-Identifier: MIT
#include "instances/bit_matrix.hpp"

#include <algorithm>

namespace gapwright {

BitMatrix without_row(const BitMatrix& m, std::size_t row) {
  BitMatrix smaller(m.rows - 1, m.columns);
  for (std::size_t r = 0, to = 0; r < m.rows; ++r)
    if (r != row) std::copy_n(m.row(r).begin(), m.words_per_row, smaller.row(to++).begin());
  return smaller;
}

BitMatrix without_column(const BitMatrix& m, std::size_t column) {
  BitMatrix smaller(m.rows, m.columns - 1);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c)
      if (c != column) smaller.set(r, c - (c > column), m.get(r, c));
  return smaller;
}

}  // namespace gapwright
