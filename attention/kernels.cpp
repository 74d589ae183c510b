// SPDX-License-Identifier: MIT
// Inner loops of attention (Highway, one compilation per instruction set).
//
// Everything is one micro-kernel (attention/multiply-inl.hpp): C[m][lanes] = sum_t A[t][m] B[t][lanes], with up to 8 x 3 vectors
// of C in registers (4 x 3 where there are only 16 registers), A broadcast from memory and B loaded. Scores have m = keys and
// t = coordinates; weighted values have m = value columns and t = keys; so neither needs a transposition, the running maximum and
// the sums are plain vector operations, and no lane ever talks to another.
//
// exp2(x): n = the integer nearest to x (by adding 1.5 2^52: exact), r = x - n (exact, |r| <= 1/2), 2^r by a polynomial of degree
// 11 (6 for f32), and n added to the exponent field (exact, since x is first raised to kSmallestExponent). Error,
// u = 2^-53 (2^-24): the polynomial itself is within 0.33 u (proved in balls by a test). Horner's rule computes
// h_j = c_j + r h_{j+1}; with e_j the error of h_j, |e_j| <= u |h_j| + u' |r h_{j+1}| + |r| |e_{j+1}| + O(u^2), u' = u without
// fused multiply-add and 0 with it. So |e_0| <= u sum_j |r|^j |h_j| + u' sum_j |r|^(j+1) |h_{j+1}|. With h_0 = 2^r,
// |r h_1| = |2^r - 1|, |r^2 h_2| = |2^r - 1 - r ln 2|, ... the sums relative to 2^r are largest at r = -1/2:
// (0.7072 + 0.2929 + 0.0537 + 0.0064 + 0.0007) / 0.7071 = 1.51 and (0.2929 + 0.0537 + 0.0064 + 0.0007) / 0.7071 = 0.51
// (at r = +1/2: 1.36 and 0.36). Total below 1.51 + 0.51 + 0.33 < 2.4 units of u, and below 1.9 with fused multiply-add. Example:
// exp2(0.5) = 1.4142135623730951 within 2 units in the last place; exp2(-3) = 0.125 exactly.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "attention/kernels.cpp"
#ifndef HWY_WANT_AVX3_DL
#define HWY_WANT_AVX3_DL 1
#endif
#include "attention/kernels.hpp"

#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

#include "attention/multiply-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace gapwright::kernels {
namespace HWY_NAMESPACE {

template <class T>
void Scores(const T* HWY_RESTRICT row_panels, std::size_t count, std::size_t columns, const T* HWY_RESTRICT p,
            T* HWY_RESTRICT scores, T* HWY_RESTRICT largest) {
  const Tag<T> d;
  Vec<T> top[kVectors];
  for (int v = 0; v < kVectors; ++v) top[v] = hn::Set(d, -hwy::HighestValue<T>());
  ByRows(count, [&](std::size_t m, auto rows) HWY_ATTR {
    constexpr int M = decltype(rows)::value;
    Vec<T> acc[M][kVectors];
    Multiply<T, M, kVectors>(row_panels + m / kPanel * kPanel * columns + m % kPanel, 1, kPanel, p, kGroup<T>, columns, acc);
#pragma GCC unroll 8
    for (int r = 0; r < M; ++r)
#pragma GCC unroll 8
      for (int v = 0; v < kVectors; ++v) {
        top[v] = hn::Max(top[v], acc[r][v]);
        hn::Store(acc[r][v], d, scores + (m + static_cast<std::size_t>(r)) * kGroup<T> + static_cast<std::size_t>(v) * kLanes<T>);
      }
  });
  for (int v = 0; v < kVectors; ++v) hn::Store(top[v], d, largest + static_cast<std::size_t>(v) * kLanes<T>);
}

template <class T>
HWY_INLINE Vec<T> Exp2(Vec<T> x) {
  const Tag<T> d;
  const hn::RebindToSigned<Tag<T>> di;
  constexpr int kBits = sizeof(T) == 8 ? 52 : 23;
  const Vec<T> magic = hn::Set(d, sizeof(T) == 8 ? T(6755399441055744.0) : T(12582912.0));  // 1.5 2^52, 1.5 2^23
  x = hn::Max(x, hn::Set(d, T(kSmallestExponent<T>)));
  const Vec<T> shifted = hn::Add(x, magic);
  const Vec<T> r = hn::Sub(x, hn::Sub(shifted, magic));
  constexpr int kDegree = static_cast<int>(sizeof(Exp2Polynomial<T>::coefficient) / sizeof(T)) - 1;
  Vec<T> h = hn::Set(d, Exp2Polynomial<T>::coefficient[kDegree]);
#pragma GCC unroll 16
  for (int j = kDegree - 1; j >= 0; --j) h = hn::MulAdd(h, r, hn::Set(d, Exp2Polynomial<T>::coefficient[j]));
  return hn::BitCast(d, hn::Add(hn::BitCast(di, h), hn::ShiftLeft<kBits>(hn::BitCast(di, shifted))));
}

template <class T>
void Weights(T* HWY_RESTRICT scores, std::size_t count, const T* HWY_RESTRICT shift, T* HWY_RESTRICT sum) {
  const Tag<T> d;
  Vec<T> total[kVectors], top[kVectors];
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v) {
    total[v] = hn::Zero(d);
    top[v] = hn::Load(d, shift + static_cast<std::size_t>(v) * kLanes<T>);
  }
  for (std::size_t j = 0; j < count; ++j)
#pragma GCC unroll 8
    for (int v = 0; v < kVectors; ++v) {
      T* at = scores + j * kGroup<T> + static_cast<std::size_t>(v) * kLanes<T>;
      const Vec<T> w = Exp2<T>(hn::Sub(hn::Load(d, at), top[v]));
      total[v] = hn::Add(total[v], w);
      hn::Store(w, d, at);
    }
#pragma GCC unroll 8
  for (int v = 0; v < kVectors; ++v) {
    T* at = sum + static_cast<std::size_t>(v) * kLanes<T>;
    hn::Store(hn::Add(hn::Load(d, at), total[v]), d, at);
  }
}

/// result[m][v] += acc[m][v].
template <class T, int M, int V>
HWY_INLINE void AddTo(const Vec<T> (&acc)[M][V], T* HWY_RESTRICT result, std::size_t ld) {
  const Tag<T> d;
#pragma GCC unroll 8
  for (int r = 0; r < M; ++r)
#pragma GCC unroll 8
    for (int v = 0; v < V; ++v) {
      T* at = result + static_cast<std::size_t>(r) * ld + static_cast<std::size_t>(v) * kLanes<T>;
      hn::Store(hn::Add(hn::Load(d, at), acc[r][v]), d, at);
    }
}

template <class T>
void Combine(const T* HWY_RESTRICT column_panels, std::size_t stride, std::size_t columns, std::size_t count,
             const T* HWY_RESTRICT w, T* HWY_RESTRICT result) {
  ByRows(columns, [&](std::size_t c, auto rows) HWY_ATTR {
    constexpr int M = decltype(rows)::value;
    Vec<T> acc[M][kVectors];
    Multiply<T, M, kVectors>(column_panels + c / kPanel * stride + c % kPanel, 1, kPanel, w, kGroup<T>, count, acc);
    AddTo<T, M, kVectors>(acc, result + c * kGroup<T>, kGroup<T>);
  });
}

template <class T>
void Slopes(const T* HWY_RESTRICT w, T* HWY_RESTRICT s, std::size_t count, const T* HWY_RESTRICT delta) {
  const Tag<T> d;
  for (std::size_t j = 0; j < count; ++j)
    for (std::size_t i = 0; i < kGroup<T>; i += kLanes<T>) {
      const std::size_t at = j * kGroup<T> + i;
      hn::Store(hn::Mul(hn::Load(d, w + at), hn::Sub(hn::Load(d, s + at), hn::Load(d, delta + i))), d, s + at);
    }
}

template <class T>
void Outer(const T* HWY_RESTRICT w, std::size_t count, const T* HWY_RESTRICT p, std::size_t width, T* HWY_RESTRICT result) {
  std::size_t c = 0;
  const auto columns = [&](auto vectors) HWY_ATTR {
    constexpr int V = decltype(vectors)::value;
    ByRows(count, [&](std::size_t m, auto rows) HWY_ATTR {
      constexpr int M = decltype(rows)::value;
      Vec<T> acc[M][V];
      Multiply<T, M, V>(w + m * kGroup<T>, kGroup<T>, 1, p + c, width, kGroup<T>, acc);
      AddTo<T, M, V>(acc, result + m * width + c, width);
    });
    c += V * kLanes<T>;
  };
  while (c + 3 * kLanes<T> <= width) columns(std::integral_constant<int, 3>());
  if (c + 2 * kLanes<T> <= width) columns(std::integral_constant<int, 2>());
  if (c < width) columns(std::integral_constant<int, 1>());
}

template <class T>
void Exp2Array(T* HWY_RESTRICT x, std::size_t count) {
  const Tag<T> d;
  for (std::size_t i = 0; i < count; i += kGroup<T>)
#pragma GCC unroll 8
    for (std::size_t v = 0; v < kVectors; ++v) hn::Store(Exp2<T>(hn::Load(d, x + i + v * kLanes<T>)), d, x + i + v * kLanes<T>);
}

template <class T>
double MultiplyAddPeak(std::size_t repeat, T* sink) {
  const Tag<T> d;
  constexpr int kChains = 12;
  Vec<T> acc[kChains];
  const Vec<T> a = hn::Set(d, sink[0]), b = hn::Set(d, sink[1]);
#pragma GCC unroll 16
  for (int c = 0; c < kChains; ++c) acc[c] = hn::Set(d, T(c));
  for (std::size_t r = 0; r < repeat; ++r)
#pragma GCC unroll 16
    for (int c = 0; c < kChains; ++c) acc[c] = hn::MulAdd(acc[c], a, b);
#pragma GCC unroll 16
  for (int c = 1; c < kChains; ++c) acc[0] = hn::Add(acc[0], acc[c]);
  sink[0] = hn::GetLane(acc[0]);
  return static_cast<double>(repeat) * kChains * kLanes<T>;
}

template <class T>
const AttentionKernels<T>& Table() {
  static const AttentionKernels<T> table{kGroup<T>, kLanes<T>, Scores<T>,    Weights<T>,         Combine<T>,
                                         Slopes<T>, Outer<T>,  Exp2Array<T>, MultiplyAddPeak<T>, hwy::TargetName(HWY_TARGET)};
  return table;
}
const AttentionKernels<double>& Table64() { return Table<double>(); }
const AttentionKernels<float>& Table32() { return Table<float>(); }

}  // namespace HWY_NAMESPACE
}  // namespace gapwright::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace gapwright::kernels {
HWY_EXPORT(Table64);
HWY_EXPORT(Table32);

template <>
const AttentionKernels<double>& attention_kernels<double>() {
  return HWY_DYNAMIC_DISPATCH(Table64)();
}
template <>
const AttentionKernels<float>& attention_kernels<float>() {
  return HWY_DYNAMIC_DISPATCH(Table32)();
}
}  // namespace gapwright::kernels
#endif
