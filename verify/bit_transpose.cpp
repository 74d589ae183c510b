// SPDX-License-Identifier: MIT
// Transposes a 64 x 64 block in six rounds: round r swaps the off-diagonal quarters of all 2^(6-r) blocks of side 2^r (here from the
// largest side down), each swap being one masked exchange between two words.
#include "verify/bit_transpose.hpp"

#include <algorithm>
#include <array>

namespace gapwright {
namespace {

void transpose_block(std::array<std::uint64_t, 64>& block) {
  std::uint64_t mask = 0x00000000FFFFFFFF;
  for (std::size_t side = 32; side != 0; side /= 2, mask ^= mask << side)
    for (std::size_t row = 0; row < 64; row = (row + side + 1) & ~side) {
      const std::uint64_t swap = ((block[row] >> side) ^ block[row + side]) & mask;
      block[row + side] ^= swap;
      block[row] ^= swap << side;
    }
}

}  // namespace

BitMatrix transposed(const BitMatrix& m) {
  BitMatrix t(m.columns, m.rows);
  std::array<std::uint64_t, 64> block;
  for (std::size_t top = 0; top < m.rows; top += 64)
    for (std::size_t w = 0; w < m.words_per_row; ++w) {
      const std::size_t height = std::min<std::size_t>(64, m.rows - top);
      const std::size_t width = std::min<std::size_t>(64, m.columns - 64 * w);
      block.fill(0);
      for (std::size_t r = 0; r < height; ++r) block[r] = m.row(top + r)[w];
      transpose_block(block);
      for (std::size_t c = 0; c < width; ++c) t.row(64 * w + c)[top / 64] = block[c];
    }
  return t;
}

}  // namespace gapwright
