// SPDX-License-Identifier: MIT
// Inner loops of the polynomial method (Highway), all on the micro-kernel of attention/multiply-inl.hpp. Sums over rows have
// monomials in vector lanes, sums over monomials and derivatives have rows in vector lanes: no lane ever talks to another. A
// block of monomials with one head needs no monomials of its own: sums over rows scale the tails by the head while packing
// them, sums over monomials scale the block's result.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention/monomial_kernels.cpp"
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1
#endif
#include "attention/monomial_kernels.hpp"

#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <algorithm>

#include "attention/multiply-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gapwright::kernels {
namespace HWY_NAMESPACE {

using D = Tag<double>;
using V = Vec<double>;
constexpr std::size_t kL = kLanes<double>, kG = kGroup<double>;

/// Several rows side by side, so that a run is in the cache before the next one reads it. Whole vectors are stored: what runs
/// over is overwritten by the next run, or lies in the padding.
void TailsByRows(const Monomials& plan, const double* HWY_RESTRICT x, std::size_t rows, double* HWY_RESTRICT f) {
  constexpr std::size_t kTogether = 8;
  const D d;
  for (std::size_t first = 0; first < rows; first += kTogether) {
    const std::size_t last = std::min(rows, first + kTogether);
    for (std::size_t r = first; r < last; ++r) f[r * plan.tail_width] = 1;
    for (const Monomials::Run& run : plan.runs)
      for (std::size_t r = first; r < last; ++r) {
        const V factor = hn::Set(d, x[r * plan.variables + run.variable]);
        const double* from = f + r * plan.tail_width + run.from;
        double* to = f + r * plan.tail_width + run.to;
        for (std::size_t i = 0; i < run.count; i += kL) hn::StoreU(hn::Mul(factor, hn::LoadU(d, from + i)), d, to + i);
      }
  }
}

void TailsByLanes(const Monomials& plan, const double* HWY_RESTRICT x, double* HWY_RESTRICT f) {
  const D d;
  for (std::size_t i = 0; i < kG; ++i) f[i] = 1;
  for (const Monomials::Run& run : plan.runs) {
    V factor[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) factor[v] = hn::Load(d, x + run.variable * kG + v * kL);
    for (std::size_t i = 0; i < run.count; ++i)
      for (std::size_t v = 0; v < kVectors; ++v)
        hn::Store(hn::Mul(factor[v], hn::Load(d, f + (run.from + i) * kG + v * kL)), d, f + (run.to + i) * kG + v * kL);
  }
}

/// table[column][e] += sum over rows of w[row][column] packed[row][e] for N vectors of monomials.
template <int N>
HWY_INLINE void AddRows(const double* HWY_RESTRICT w, std::size_t rows, std::size_t columns, const double* HWY_RESTRICT packed,
                        double* HWY_RESTRICT table, std::size_t width) {
  ByEvenRows(columns, [&](std::size_t c, auto piece) HWY_ATTR {
    constexpr int M = decltype(piece)::value;
    const D d;
    Vec<double> acc[M][N];
    Multiply<double, M, N>(w + c, 1, columns, packed, N * kL, rows, acc);
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m)
#pragma GCC unroll 8
      for (int v = 0; v < N; ++v) {
        double* at = table + (c + static_cast<std::size_t>(m)) * width + static_cast<std::size_t>(v) * kL;
        hn::Store(hn::Add(hn::Load(d, at), acc[m][v]), d, at);
      }
  });
}

/// packed[row][N vectors] = head of the row * its tails: aligned, and close together for all that is done with them.
template <int N>
HWY_INLINE void Pack(const double* HWY_RESTRICT heads, const double* HWY_RESTRICT f, std::size_t rows, std::size_t tail_width,
                     double* HWY_RESTRICT packed) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r) {
    const V head = hn::Set(d, heads[r * tail_width]);
#pragma GCC unroll 8
    for (int v = 0; v < N; ++v) {
      const std::size_t e = static_cast<std::size_t>(v) * kL;
      hn::Store(hn::Mul(head, hn::LoadU(d, f + r * tail_width + e)), d, packed + r * N * kL + e);
    }
  }
}

void Accumulate(const Monomials& plan, std::size_t first, std::size_t last, const double* HWY_RESTRICT f, std::size_t rows,
                const double* HWY_RESTRICT w, std::size_t columns, double* HWY_RESTRICT packed, double* HWY_RESTRICT table) {
  for (std::size_t b = first; b < last; ++b) {
    const Monomials::Block& block = plan.blocks[b];
    std::size_t e = 0;
    const auto chunk = [&](auto vectors) HWY_ATTR {
      constexpr int N = decltype(vectors)::value;
      Pack<N>(f + block.head, f + block.from + e, rows, plan.tail_width, packed);
      AddRows<N>(w, rows, columns, packed, table + block.to + e, plan.width);
      e += N * kL;
    };
    while (e + 3 * kL <= block.padded) chunk(std::integral_constant<int, 3>());
    if (e + 2 * kL <= block.padded) chunk(std::integral_constant<int, 2>());
    if (e < block.padded) chunk(std::integral_constant<int, 1>());
  }
}

void Contract(const Monomials& plan, const double* HWY_RESTRICT f, std::size_t groups, const double* HWY_RESTRICT table,
              std::size_t columns, double* HWY_RESTRICT out) {
  constexpr std::size_t kTogether = 64;  // tails of a group that stay in the first-level cache for all columns
  std::fill_n(out, groups * columns * kG, 0.0);
  for (const Monomials::Block& block : plan.blocks)
    for (std::size_t t = 0; t < block.count; t += kTogether)
      for (std::size_t g = 0; g < groups; ++g) {
        const double *heads = f + (g * plan.tails + block.head) * kG, *tails = f + (g * plan.tails + block.from + t) * kG;
        const std::size_t steps = std::min(kTogether, block.count - t);
        ByEvenRows(columns, [&](std::size_t c, auto piece) HWY_ATTR {
          constexpr int M = decltype(piece)::value;
          const D d;
          Vec<double> acc[M][kVectors];
          Multiply<double, M, kVectors>(table + c * plan.width + block.to + t, plan.width, 1, tails, kG, steps, acc);
#pragma GCC unroll 8
          for (int v = 0; v < kVectors; ++v) {
            const V head = hn::Load(d, heads + static_cast<std::size_t>(v) * kL);
#pragma GCC unroll 8
            for (int m = 0; m < M; ++m) {
              double* at = out + (g * columns + c + static_cast<std::size_t>(m)) * kG + static_cast<std::size_t>(v) * kL;
              hn::Store(hn::MulAdd(head, acc[m][v], hn::Load(d, at)), d, at);
            }
          }
        });
      }
}

/// df[from + t] += head * slope[t], df[head] += sum_t f[from + t] * slope[t] with slope[t] = sum_column w[column]
/// table[column][to + t].
HWY_INLINE void BackwardBlock(const Monomials& plan, const Monomials::Block& block, const double* HWY_RESTRICT f,
                              const double* HWY_RESTRICT w, const double* HWY_RESTRICT table, std::size_t columns,
                              double* HWY_RESTRICT df) {
  const D d;
  V of_head[kVectors], head[kVectors];
  for (std::size_t v = 0; v < kVectors; ++v) {
    of_head[v] = hn::Zero(d);
    head[v] = hn::Load(d, f + block.head * kG + v * kL);
  }
  ByRows(block.count, [&](std::size_t t, auto piece) HWY_ATTR {
    constexpr int M = decltype(piece)::value;
    Vec<double> slope[M][kVectors];
    Multiply<double, M, kVectors>(table + block.to + t, 1, plan.width, w, kG, columns, slope);
#pragma GCC unroll 8
    for (int m = 0; m < M; ++m)
#pragma GCC unroll 8
      for (std::size_t v = 0; v < kVectors; ++v) {
        const std::size_t at = (block.from + t + static_cast<std::size_t>(m)) * kG + v * kL;
        of_head[v] = hn::MulAdd(hn::Load(d, f + at), slope[m][v], of_head[v]);
        hn::Store(hn::MulAdd(head[v], slope[m][v], hn::Load(d, df + at)), d, df + at);
      }
  });
  if (block.head == 0) return;
  for (std::size_t v = 0; v < kVectors; ++v) {
    double* at = df + block.head * kG + v * kL;
    hn::Store(hn::Add(hn::Load(d, at), of_head[v]), d, at);
  }
}

void Backward(const Monomials& plan, const double* HWY_RESTRICT x, const double* HWY_RESTRICT f, std::size_t groups,
              const double* HWY_RESTRICT w, const double* HWY_RESTRICT table, std::size_t columns, double* HWY_RESTRICT df,
              double* HWY_RESTRICT dx) {
  const D d;
  std::fill_n(df, groups * plan.tails * kG, 0.0);
  std::fill_n(dx, groups * plan.variables * kG, 0.0);
  for (const Monomials::Block& block : plan.blocks)
    for (std::size_t g = 0; g < groups; ++g)
      BackwardBlock(plan, block, f + g * plan.tails * kG, w + g * columns * kG, table, columns, df + g * plan.tails * kG);
  for (std::size_t g = 0; g < groups;
       ++g, x += plan.variables * kG, dx += plan.variables * kG, f += plan.tails * kG, df += plan.tails * kG)
    for (auto run = plan.runs.rbegin(); run != plan.runs.rend(); ++run)
      for (std::size_t v = 0; v < kVectors; ++v) {
        const V factor = hn::Load(d, x + run->variable * kG + v * kL);
        double* at = dx + run->variable * kG + v * kL;
        V sum = hn::Load(d, at);
        for (std::size_t i = 0; i < run->count; ++i) {
          const V slope = hn::Load(d, df + (run->to + i) * kG + v * kL);
          double* below = df + (run->from + i) * kG + v * kL;
          sum = hn::MulAdd(slope, hn::Load(d, f + (run->from + i) * kG + v * kL), sum);
          hn::Store(hn::MulAdd(slope, factor, hn::Load(d, below)), d, below);
        }
        hn::Store(sum, d, at);
      }
}

const MonomialKernels& MonomialTable() {
  static const MonomialKernels table{TailsByRows, TailsByLanes, Accumulate, Contract, Backward};
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace gapwright::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gapwright::kernels {
HWY_EXPORT(MonomialTable);
const MonomialKernels& monomial_kernels() { return HWY_DYNAMIC_DISPATCH(MonomialTable)(); }
}  // namespace gapwright::kernels
#endif
