// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>

// The inner loops of attention. A GROUP is a set of queries that lie side by side in vector lanes, `lanes` of them; an array
// "[x][lanes]" holds for every x one number per query. A PANEL is 8 rows (or 8 columns) of a matrix side by side, zero padded:
// rows [ceil(n/8)][d][8], columns [ceil(d/8)][n][8]. All arrays start on cache lines; all sums run in a fixed order. Dispatched
// at run time to the best vector unit.
namespace gapwright::kernels {

constexpr std::size_t kPanel = 8;

/// Weights below 2^kSmallestExponent relative to the running maximum are raised to it: nothing below the normal numbers ever
/// arises.
template <class T>
inline constexpr int kSmallestExponent = sizeof(T) == 8 ? -1021 : -125;
/// The maximum is replaced, and what was summed rescaled, only when a score exceeds it by more than this (in powers of two).
template <class T>
inline constexpr T kSlack = sizeof(T) == 8 ? T(64) : T(16);
/// exp2 is right up to this relative error, in units of 2^-53 (2^-24): derived in kernels.cpp, tested in
/// tests/attention/kernels.cpp.
inline constexpr double kExp2Error = 2.4;
/// Coefficients of the polynomial inside exp2, lowest first: 2^r for |r| <= 1/2.
template <class T>
struct Exp2Polynomial;
template <>
struct Exp2Polynomial<double> {
  static constexpr double coefficient[] = {0x1p+0,
                                           0x1.62e42fefa39efp-1,
                                           0x1.ebfbdff82c5aep-3,
                                           0x1.c6b08d704a0c6p-5,
                                           0x1.3b2ab6fb9f1a5p-7,
                                           0x1.5d87fe78a3f9cp-10,
                                           0x1.430913112c61bp-13,
                                           0x1.ffcbfc6da6ed1p-17,
                                           0x1.62bfc2c86d7p-20,
                                           0x1.b524ebd13a55fp-24,
                                           0x1.e6228acd1c6e5p-28,
                                           0x1.e9ec1fcb69a7fp-32};
};
template <>
struct Exp2Polynomial<float> {
  static constexpr float coefficient[] = {0x1p+0f,        0x1.62e43p-1f,  0x1.ebfbep-3f, 0x1.c6aeccp-5f,
                                          0x1.3b2a1cp-7f, 0x1.5f48cp-10f, 0x1.444p-13f};
};

template <class T>
struct AttentionKernels {
  std::size_t lanes;   ///< queries in a group
  std::size_t vector;  ///< numbers in a vector: rows of `outer` are padded to a multiple of it

  /// scores[j][lanes] = sum_c rows[j][c] p[c][lanes] for count rows; largest[lanes] = max over j.
  void (*scores)(const T* row_panels, std::size_t count, std::size_t columns, const T* p, T* scores, T* largest);
  /// scores[j][lanes] -> 2^(scores - shift[lanes]), in place; sum[lanes] += their sum.
  void (*weights)(T* scores, std::size_t count, const T* shift, T* sum);
  /// result[c][lanes] += sum_j columns[c][j] w[j][lanes], j < count. column_panels points at row 0 of the rows meant; a panel is
  /// `stride` numbers long.
  void (*combine)(const T* column_panels, std::size_t stride, std::size_t columns, std::size_t count, const T* w, T* result);
  /// s[j][lanes] = w[j][lanes] (s[j][lanes] - delta[lanes]).
  void (*slopes)(const T* w, T* s, std::size_t count, const T* delta);
  /// result[j][width] += sum_i w[j][i] p[i][width], i over the lanes, width a multiple of `vector`.
  void (*outer)(const T* w, std::size_t count, const T* p, std::size_t width, T* result);
  /// x[i] = 2^x[i], count a multiple of `lanes`; x <= 1000 (f32: 120).
  void (*exp2)(T* x, std::size_t count);
  /// Multiply-adds on registers only, `repeat` times; returns how many scalar multiply-adds that was. The unit of measure of
  /// speed.
  double (*multiply_add_peak)(std::size_t repeat, T* sink);
  const char* target;  ///< name of the instruction set
};

/// T is double or float.
template <class T>
const AttentionKernels<T>& attention_kernels();

}  // namespace gapwright::kernels
