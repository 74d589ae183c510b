// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <span>

#include "attention/aligned.hpp"
#include "attention/monomials.hpp"
#include "attention/polynomial.hpp"

namespace gapwright {

/// Sums over rows of weighted monomials, and sums over monomials for every row. Tables are [columns][monomials.width].
class FeatureSums {
 public:
  FeatureSums(std::size_t variables, std::size_t degree) : monomials(variables, degree) {}

  Monomials monomials;

  /// table[c][e] = sum over rows of weights[row, c] * (monomial e of x[row]). A fixed number of partial sums, whatever the
  /// threads.
  Aligned<double> accumulate(const Matrix& x, const Matrix& weights, const RunControl&) const;

  /// Calls work(block) for blocks of rows with their tails.
  struct Block {
    std::size_t first, rows, groups;
    const double* x;  ///< [groups][variables][lanes]; lanes beyond the last row hold zeros
    const double* f;  ///< [groups][tails][lanes]
  };
  void for_blocks(const Matrix& x, const RunControl&, const std::function<void(const Block&)>& work) const;

  /// out[row, c] = sum_e table[c][e] * (monomial e of the row) for the rows of a block, c < columns; out is [rows][columns].
  void contract(const Block&, const Aligned<double>& table, std::size_t columns, double* out) const;
  /// dx[row] = derivative of sum_e (sum_c weights[row][c] table[c][e]) * (monomial e of x[row]); weights is [rows][columns].
  void backward(const Block&, const double* weights, const Aligned<double>& table, std::size_t columns, double* dx) const;

  std::size_t chunks(std::size_t rows, std::size_t columns) const;  ///< partial sums of `accumulate`

 private:
  /// Blocks first..last-1 of a table, summed in one pass over the rows.
  struct Slice {
    std::size_t first, last;
  };
  std::vector<Slice> slices(std::size_t columns) const;
};

/// What underflow adds to sums over tuples, relative to Nmain max|v_J|, while their factors are below 2^600.
inline constexpr double kUnderflow = 0x1p-300;

/// Roundings that a term of a numerator, a denominator or a moment passes at most.
double polynomial_roundings(const Attention&, std::size_t degree, std::size_t features);

/// The sums that approximate attention is made of: with U_u the monomials of k_u, M_u = [v_u, 1]^T U_u and
/// M = coefficients o M_1 o ... o M_{k-1}, the numerators and the denominator of query i are M times its monomials.
struct PolynomialModel {
  PolynomialModel(const Attention&, const PolynomialPlan&, const RunControl&);

  FeatureSums sums;
  std::size_t columns;                ///< d_v + 1: the last belongs to the denominator
  std::vector<double> factors;        ///< per monomial: coefficient of P, arrangements, softmax_scale^degree
  std::vector<Aligned<double>> keys;  ///< M_u, [columns][width]
  Aligned<double> all;                ///< M
  Aligned<double> product_without(std::size_t u,
                                  const Aligned<double>& start) const;  ///< start o factors o product of M_w, w != u
};

/// What multiplies every monomial in sum_m coefficients[m] S^m.
std::vector<double> monomial_factors(const Monomials&, std::span<const double> coefficients, double softmax_scale);

/// [m, 1].
Matrix with_ones(const Matrix& m);

}  // namespace gapwright
