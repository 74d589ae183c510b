// SPDX-License-Identifier: MIT
#include "instances/complement.hpp"

#include "instances/zeros.hpp"

namespace gapwright {

BitMatrix complement(const BitMatrix& bits, const RunControl& control) {
  BitMatrix flipped = zero_bits(bits.rows, bits.columns, control);
  const std::uint64_t last = bits.columns % 64 ? (std::uint64_t{1} << (bits.columns % 64)) - 1 : ~std::uint64_t{0};
  for (std::size_t r = 0; r < bits.rows; ++r) {
    control.check();
    for (std::size_t w = 0; w < bits.words_per_row; ++w)
      flipped.row(r)[w] = ~bits.row(r)[w] & (w + 1 == bits.words_per_row ? last : ~std::uint64_t{0});
  }
  return flipped;
}

}  // namespace gapwright
