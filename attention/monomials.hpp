#pragma once
#include <cstddef>
#include <vector>

#include "attention/aligned.hpp"

namespace gapwright {

/// C(n + m, m), or SIZE_MAX when that (or a product on the way to it) is larger.
std::size_t binomial_or_max(std::size_t n, std::size_t m);

/// The monomials of degree 0..degree in `variables` variables, in an order in which each degree is made of runs: the run of x_l
/// is x_l times the part of the degree below whose variables are all >= l, which is contiguous.
struct Monomials {
  struct Run {
    std::size_t from, to, count, variable;  ///< monomial to + i = x_variable * monomial from + i, i < count
  };
  Monomials(std::size_t variables, std::size_t degree);

  std::size_t variables, degree;
  std::size_t count;  ///< C(variables + degree, degree)
  std::size_t width;  ///< count, padded for the kernels
  std::vector<Run> runs;
  std::vector<std::size_t> degrees;  ///< of every monomial
  std::vector<double> arrangements;  ///< m!/prod e_l!: how often the monomial occurs in (x_1 + ... + x_d)^m
};

namespace kernels {

/// Inner loops over monomials; f is [rows][width], 64-byte aligned, padding zero.
struct MonomialKernels {
  /// f[row] = all monomials of x[row], x is [rows][variables].
  void (*features)(const Monomials&, const double* x, std::size_t rows, double* f);
  /// out[row][column] = sum_e f[row][e] m[column][e].
  void (*contract)(const double* f, std::size_t rows, std::size_t width, const double* m, std::size_t columns, double* out);
  /// f[row][e] = sum_c w[row][c] m[c][e], c < columns.
  void (*expand)(const double* w, std::size_t rows, std::size_t columns, const double* m, std::size_t width, double* f);
  /// dx[row][variable] = sum_e df[row][e] d(monomial e)/dx, given the features; df is used up.
  void (*backward)(const Monomials&, const double* x, const double* f, std::size_t rows, double* df, double* dx);
};
const MonomialKernels& monomial_kernels();

}  // namespace kernels
}  // namespace gapwright
