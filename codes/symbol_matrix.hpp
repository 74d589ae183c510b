// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "codes/field.hpp"
#include "support/progress.hpp"

namespace gapwright {

/// A rows x columns matrix of field elements, row after row. Which field is the business of whoever computes with it.
struct SymbolMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::vector<Symbol> symbols;

  SymbolMatrix() = default;
  SymbolMatrix(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), symbols(row_count * column_count) {}

  Symbol& at(std::size_t r, std::size_t c) { return symbols[r * columns + c]; }
  Symbol at(std::size_t r, std::size_t c) const { return symbols[r * columns + c]; }
  std::span<Symbol> row(std::size_t r) { return {symbols.data() + r * columns, columns}; }
  std::span<const Symbol> row(std::size_t r) const { return {symbols.data() + r * columns, columns}; }

  bool operator==(const SymbolMatrix&) const = default;
};

/// A matrix of zeros. A few gigabytes take seconds to be cleared: progress is called on the way.
inline SymbolMatrix zero_symbols(std::size_t rows, std::size_t columns, const Progress& progress) {
  constexpr std::size_t at_once = std::size_t{16} << 20;
  SymbolMatrix matrix(0, columns);
  matrix.rows = rows;
  const std::size_t count = rows * columns;
  matrix.symbols.reserve(count);
  while (matrix.symbols.size() < count) {
    if (progress && count > at_once) progress(0);
    matrix.symbols.resize(std::min(count, matrix.symbols.size() + at_once));
  }
  return matrix;
}

}  // namespace gapwright
