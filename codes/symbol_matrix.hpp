// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <span>
#include <vector>

#include "codes/field.hpp"

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

}  // namespace gapwright
