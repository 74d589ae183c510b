// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace gapwright {

/// A rows x columns matrix of bits. Rows are packed into 64-bit words, bit c of a row in word c / 64 at position c % 64;
/// the unused high bits of a row's last word are zero.
struct BitMatrix {
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t words_per_row = 0;
  std::vector<std::uint64_t> words;

  BitMatrix() = default;
  BitMatrix(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), words_per_row((column_count + 63) / 64), words(rows * words_per_row) {}

  bool get(std::size_t row, std::size_t column) const { return (words[row * words_per_row + column / 64] >> (column % 64)) & 1; }
  void set(std::size_t row, std::size_t column, bool value = true) {
    const std::uint64_t bit = std::uint64_t{1} << (column % 64);
    std::uint64_t& word = words[row * words_per_row + column / 64];
    word = value ? (word | bit) : (word & ~bit);
  }
  std::span<const std::uint64_t> row(std::size_t r) const { return {words.data() + r * words_per_row, words_per_row}; }
  std::span<std::uint64_t> row(std::size_t r) { return {words.data() + r * words_per_row, words_per_row}; }

  bool operator==(const BitMatrix&) const = default;
};

/// The matrix without one row, or one column.
BitMatrix without_row(const BitMatrix&, std::size_t row);
BitMatrix without_column(const BitMatrix&, std::size_t column);

}  // namespace gapwright
