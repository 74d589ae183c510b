// SPDX-License-Identifier: MIT
#pragma once
#include <array>
#include <cstdint>

namespace gapwright {

/// Philox 4x32 with 10 rounds, the counter-based generator of [SMDS11]: four 32-bit words, a pure function of counter and key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key);

/// One stream of random numbers, named by (seed, stream): streams are independent, so the order in which threads take them never
/// changes a byte.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}
  std::uint32_t word();                      ///< uniform on 0 .. 2^32 - 1
  std::uint64_t below(std::uint64_t bound);  ///< uniform on 0 .. bound - 1, exactly (by rejection); bound >= 1
  bool bit() { return (word() & 1) != 0; }
  double unit();  ///< a multiple of 2^-53, uniform on [0, 1)

 private:
  std::uint64_t long_word();
  std::uint64_t seed_;
  std::uint64_t stream_;
  std::uint64_t block_ = 0;
  unsigned used_ = 4;
  std::array<std::uint32_t, 4> words_{};
};

}  // namespace gapwright
