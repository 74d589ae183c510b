// Inner loops of the polynomial method (Highway): monomials lie in vector lanes, so a run of them is one scaled copy of an
// earlier run.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention/monomial_kernels.cpp"
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1
#endif
#include "attention/monomials.hpp"

#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace gapwright::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
constexpr std::size_t kLanes = hn::MaxLanes(D());

void Features(const Monomials& plan, const double* HWY_RESTRICT x, std::size_t rows, double* HWY_RESTRICT f) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r, x += plan.variables, f += plan.width) {
    f[0] = 1;
    for (const Monomials::Run& run : plan.runs) {
      const V factor = hn::Set(d, x[run.variable]);
      std::size_t i = 0;
      for (; i + kLanes <= run.count; i += kLanes) hn::StoreU(hn::Mul(factor, hn::LoadU(d, f + run.from + i)), d, f + run.to + i);
      if (i < run.count) {
        const auto some = hn::FirstN(d, run.count - i);
        hn::BlendedStore(hn::Mul(factor, hn::MaskedLoad(some, d, f + run.from + i)), some, d, f + run.to + i);
      }
    }
  }
}

/// R rows by C columns of dot products along the monomials.
template <int R, int C>
HWY_INLINE void Dots(const double* HWY_RESTRICT f, std::size_t width, const double* HWY_RESTRICT m, double* HWY_RESTRICT out,
                     std::size_t ld) {
  const D d;
  V acc[R][C];
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) acc[r][c] = hn::Zero(d);
  for (std::size_t e = 0; e < width; e += kLanes) {
    V line[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) line[r] = hn::Load(d, f + static_cast<std::size_t>(r) * width + e);
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c) {
      const V column = hn::Load(d, m + static_cast<std::size_t>(c) * width + e);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) acc[r][c] = hn::MulAdd(line[r], column, acc[r][c]);
    }
  }
#pragma GCC unroll 8
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 8
    for (int c = 0; c < C; ++c)
      out[static_cast<std::size_t>(r) * ld + static_cast<std::size_t>(c)] = hn::GetLane(hn::SumOfLanes(d, acc[r][c]));
}

constexpr int kDotRows = HWY_TARGET <= HWY_AVX3 ? 4 : 2;

template <int R>
HWY_INLINE void DotRows(const double* f, std::size_t width, const double* m, std::size_t columns, double* out) {
  std::size_t c = 0;
  for (; c + 4 <= columns; c += 4) Dots<R, 4>(f, width, m + c * width, out + c, columns);
  if (c + 2 <= columns) {
    Dots<R, 2>(f, width, m + c * width, out + c, columns);
    c += 2;
  }
  if (c < columns) Dots<R, 1>(f, width, m + c * width, out + c, columns);
}

void Contract(const double* f, std::size_t rows, std::size_t width, const double* m, std::size_t columns, double* out) {
  std::size_t r = 0;
  for (; r + kDotRows <= rows; r += kDotRows) DotRows<kDotRows>(f + r * width, width, m, columns, out + r * columns);
  for (; r < rows; ++r) DotRows<1>(f + r * width, width, m, columns, out + r * columns);
}

template <int R>
HWY_INLINE void ExpandRows(const double* HWY_RESTRICT w, std::size_t columns, const double* HWY_RESTRICT m, std::size_t width,
                           double* HWY_RESTRICT f) {
  const D d;
  for (std::size_t e = 0; e < width; e += kLanes) {
    V acc[R];
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) acc[r] = hn::Zero(d);
    for (std::size_t c = 0; c < columns; ++c) {
      const V line = hn::Load(d, m + c * width + e);
#pragma GCC unroll 8
      for (int r = 0; r < R; ++r) acc[r] = hn::MulAdd(hn::Set(d, w[static_cast<std::size_t>(r) * columns + c]), line, acc[r]);
    }
#pragma GCC unroll 8
    for (int r = 0; r < R; ++r) hn::Store(acc[r], d, f + static_cast<std::size_t>(r) * width + e);
  }
}

void Expand(const double* w, std::size_t rows, std::size_t columns, const double* m, std::size_t width, double* f) {
  std::size_t r = 0;
  for (; r + 8 <= rows; r += 8) ExpandRows<8>(w + r * columns, columns, m, width, f + r * width);
  for (; r < rows; ++r) ExpandRows<1>(w + r * columns, columns, m, width, f + r * width);
}

void Backward(const Monomials& plan, const double* HWY_RESTRICT x, const double* HWY_RESTRICT f, std::size_t rows,
              double* HWY_RESTRICT df, double* HWY_RESTRICT dx) {
  const D d;
  for (std::size_t r = 0; r < rows; ++r, x += plan.variables, dx += plan.variables, f += plan.width, df += plan.width) {
    std::fill_n(dx, plan.variables, 0.0);
    for (auto run = plan.runs.rbegin(); run != plan.runs.rend(); ++run) {
      const V factor = hn::Set(d, x[run->variable]);
      V sum = hn::Zero(d);
      std::size_t i = 0;
      for (; i + kLanes <= run->count; i += kLanes) {
        const V slope = hn::LoadU(d, df + run->to + i);
        sum = hn::MulAdd(slope, hn::LoadU(d, f + run->from + i), sum);
        hn::StoreU(hn::MulAdd(slope, factor, hn::LoadU(d, df + run->from + i)), d, df + run->from + i);
      }
      if (i < run->count) {
        const auto some = hn::FirstN(d, run->count - i);
        const V slope = hn::MaskedLoad(some, d, df + run->to + i);
        sum = hn::MulAdd(slope, hn::MaskedLoad(some, d, f + run->from + i), sum);
        hn::BlendedStore(hn::MulAdd(slope, factor, hn::MaskedLoad(some, d, df + run->from + i)), some, d, df + run->from + i);
      }
      dx[run->variable] += hn::GetLane(hn::SumOfLanes(d, sum));
    }
  }
}

const MonomialKernels& MonomialTable() {
  static const MonomialKernels table{Features, Contract, Expand, Backward};
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
