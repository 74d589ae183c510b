// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace checker {

/// Rows of bits, 64 to a word; unused bits of the last word are 0. Without rows there are no words, whatever the file says of columns.
struct Bits {
  std::size_t rows = 0, columns = 0, words = 0;
  std::vector<std::uint64_t> data;

  Bits() = default;
  Bits(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), words(row_count == 0 ? 0 : words_of(column_count)), data(rows * words) {}
  static constexpr std::size_t words_of(std::size_t columns) { return columns / 64 + (columns % 64 != 0 ? 1 : 0); }
  const std::uint64_t* row(std::size_t r) const { return data.data() + r * words; }
  bool get(std::size_t r, std::size_t c) const { return (row(r)[c / 64] >> (c % 64)) & 1; }
  void set(std::size_t r, std::size_t c) { data[r * words + c / 64] |= std::uint64_t{1} << (c % 64); }
};

}  // namespace checker
