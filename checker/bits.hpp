#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace checker {

/// Rows of bits, 64 to a word; unused bits of the last word are 0.
struct Bits {
  std::size_t rows = 0, columns = 0, words = 0;
  std::vector<std::uint64_t> data;

  Bits() = default;
  Bits(std::size_t row_count, std::size_t column_count)
      : rows(row_count), columns(column_count), words((column_count + 63) / 64), data(rows * words) {}
  const std::uint64_t* row(std::size_t r) const { return data.data() + r * words; }
  bool get(std::size_t r, std::size_t c) const { return (row(r)[c / 64] >> (c % 64)) & 1; }
  void set(std::size_t r, std::size_t c) { data[r * words + c / 64] |= std::uint64_t{1} << (c % 64); }
};

}  // namespace checker
