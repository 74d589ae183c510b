// SPDX-License-Identifier: MIT
#include "instances/zeros.hpp"

namespace gapwright {

Matrix zero_matrix(std::size_t rows, std::size_t columns, const RunControl& control) {
  Matrix m;
  m.rows = rows;
  m.columns = columns;
  fill_with_zeros(m.entries, rows * columns, [&] { control.check(); });
  return m;
}

BitMatrix zero_bits(std::size_t rows, std::size_t columns, const RunControl& control) {
  BitMatrix m(0, columns);
  m.rows = rows;
  fill_with_zeros(m.words, rows * m.words_per_row, [&] { control.check(); });
  return m;
}

}  // namespace gapwright
