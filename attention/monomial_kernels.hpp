// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>

#include "attention/monomials.hpp"

namespace gapwright::kernels {

/// Inner loops over monomials. A GROUP is attention_kernels<double>().lanes rows side by side in vector lanes; tables are
/// [columns][width].
struct MonomialKernels {
  /// f[row][tail_width] = all tails of x[row], x is [rows][variables]; padding may hold anything finite.
  void (*tails_by_rows)(const Monomials&, const double* x, std::size_t rows, double* f);
  /// f[tails][lanes] = all tails of a group, x is [variables][lanes].
  void (*tails_by_lanes)(const Monomials&, const double* x, double* f);
  /// table[column][e] += sum over rows of w[row][column] * (monomial e of the row) for the monomials of blocks first..last-1,
  /// given the tails by rows; w is [rows][columns], `packed` is scratch for `rows` times 3 vectors.
  void (*accumulate)(const Monomials&, std::size_t first, std::size_t last, const double* f, std::size_t rows, const double* w,
                     std::size_t columns, double* packed, double* table);
  /// out[group][column][lanes] = sum_e table[column][e] * (monomial e), given the tails by lanes, f[group][tails][lanes].
  void (*contract)(const Monomials&, const double* f, std::size_t groups, const double* table, std::size_t columns, double* out);
  /// dx[group][variables][lanes] = the derivative of sum_e (sum_column w[group][column][lanes] table[column][e]) * (monomial e);
  /// x is [group][variables][lanes], df is scratch like f.
  void (*backward)(const Monomials&, const double* x, const double* f, std::size_t groups, const double* w, const double* table,
                   std::size_t columns, double* df, double* dx);
};
const MonomialKernels& monomial_kernels();

}  // namespace gapwright::kernels
