// SPDX-License-Identifier: MIT
#include "instances/generators/normal_entries.hpp"

#include <cmath>

namespace gapwright {

Matrix normal_entries(std::size_t rows, std::size_t columns, Random& random) {
  Matrix m(rows, columns);
  for (std::size_t i = 0; i < m.entries.size(); i += 2) {
    double x = 0, y = 0, square = 0;
    do {
      x = 2 * random.unit() - 1;
      y = 2 * random.unit() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square == 0);
    const double factor = std::sqrt(-2 * std::log(square) / square);
    m.entries[i] = x * factor;
    if (i + 1 < m.entries.size()) m.entries[i + 1] = y * factor;
  }
  return m;
}

}  // namespace gapwright
