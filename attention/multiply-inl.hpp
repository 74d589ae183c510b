// SPDX-License-Identifier: MIT
// The micro-kernel that all inner loops of attention share (Highway, compiled once per instruction set; hence the toggled guard).
#if defined(GAPWRIGHT_ATTENTION_MULTIPLY_INL) == defined(HWY_TARGET_TOGGLE)
#ifdef GAPWRIGHT_ATTENTION_MULTIPLY_INL
#undef GAPWRIGHT_ATTENTION_MULTIPLY_INL
#else
#define GAPWRIGHT_ATTENTION_MULTIPLY_INL
#endif
#include <hwy/highway.h>

#include <cstddef>
#include <type_traits>

HWY_BEFORE_NAMESPACE();
namespace gapwright::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using Vec = hn::Vec<Tag<T>>;
template <class T>
constexpr std::size_t kLanes = hn::MaxLanes(Tag<T>());  // exact: scalable vectors are not among our targets
constexpr int kVectors = 3;
template <class T>
constexpr std::size_t kGroup = kVectors* kLanes<T>;
constexpr int kRows = HWY_TARGET <= HWY_AVX3 ? 8 : 4;  // rows of C in registers: 32 registers, or 16

/// acc[m][v] = sum_t a[m sm + t st] b[t ldb + v lanes], t < steps.
template <class T, int M, int V>
HWY_INLINE void Multiply(const T* HWY_RESTRICT a, std::size_t sm, std::size_t st, const T* HWY_RESTRICT b, std::size_t ldb,
                         std::size_t steps, Vec<T> (&acc)[M][V]) {
  const Tag<T> d;
#pragma GCC unroll 8
  for (int m = 0; m < M; ++m)
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) acc[m][v] = hn::Zero(d);
  for (std::size_t t = 0; t < steps; ++t) {
    Vec<T> line[V];
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) line[v] = hn::LoadU(d, b + t * ldb + static_cast<std::size_t>(v) * kLanes<T>);
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m) {
      const Vec<T> factor = hn::Set(d, a[static_cast<std::size_t>(m) * sm + t * st]);
#pragma GCC unroll 8
      for (int v = 0; v < V; ++v) acc[m][v] = hn::MulAdd(factor, line[v], acc[m][v]);
    }
  }
}

/// Calls piece(first row, std::integral_constant rows) until `count` rows are done: in full register blocks, then 4, 2, 1.
template <class Piece>
HWY_INLINE void ByRows(std::size_t count, const Piece& piece) {
  std::size_t m = 0;
  for (; m + kRows <= count; m += kRows) piece(m, std::integral_constant<int, kRows>());
  if (kRows > 4 && m + 4 <= count) {
    piece(m, std::integral_constant<int, 4>());
    m += 4;
  }
  if (m + 2 <= count) {
    piece(m, std::integral_constant<int, 2>());
    m += 2;
  }
  if (m < count) piece(m, std::integral_constant<int, 1>());
}

/// Calls piece(first row, std::integral_constant rows) on nearly equal pieces of at most kRows rows.
template <class Piece>
HWY_INLINE void ByEvenRows(std::size_t count, const Piece& piece) {
  const std::size_t pieces = (count + kRows - 1) / kRows;
  for (std::size_t p = 0; p < pieces; ++p) {
    const std::size_t m = count * p / pieces;
    switch (count * (p + 1) / pieces - m) {
      case 1:
        piece(m, std::integral_constant<int, 1>());
        break;
      case 2:
        piece(m, std::integral_constant<int, 2>());
        break;
      case 3:
        piece(m, std::integral_constant<int, 3>());
        break;
      case 4:
        piece(m, std::integral_constant<int, 4>());
        break;
      case 5:
        piece(m, std::integral_constant < int, kRows<5 ? kRows : 5>());
        break;
      case 6:
        piece(m, std::integral_constant < int, kRows<6 ? kRows : 6>());
        break;
      case 7:
        piece(m, std::integral_constant < int, kRows<7 ? kRows : 7>());
        break;
      default:
        piece(m, std::integral_constant<int, kRows>());
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace gapwright::kernels
HWY_AFTER_NAMESPACE();
#endif
