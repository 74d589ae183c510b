#pragma once
#include "attention/aligned.hpp"
#include "attention/monomials.hpp"
#include "attention/polynomial.hpp"

namespace gapwright {

/// Features of rows, block by block, and sums over them. Tables are [columns][width], monomials last.
class FeatureSums {
 public:
  FeatureSums(std::size_t variables, const PolynomialPlan& plan) : monomials(variables, plan.degree) {}

  Monomials monomials;

  /// table[c][e] = sum over rows of weights[row, c] * (monomial e of x[row]). A fixed number of partial sums, whatever the
  /// threads.
  Aligned<double> accumulate(const Matrix& x, const Matrix& weights, const RunControl&) const;

  /// Calls work(first, rows, x, f) for blocks of rows with their features.
  struct Block {
    std::size_t first, rows;
    const double* x;  ///< [rows][variables]
    const double* f;  ///< [rows][width]
  };
  void for_blocks(const Matrix& x, const RunControl&, const std::function<void(const Block&)>& work) const;

  static std::size_t block_rows();
  std::size_t chunks(std::size_t rows, std::size_t columns) const;  ///< partial sums of `accumulate`
};

/// The sums that approximate attention is made of: with U_u the monomials of k_u, M_u = [v_u, 1]^T U_u and M = coefficients o M_1
/// o ... o M_{k-1}, the numerators and the denominator of query i are M times its monomials.
struct PolynomialModel {
  PolynomialModel(const Attention&, const PolynomialPlan&, const RunControl&);

  const Attention& attention;
  FeatureSums sums;
  std::size_t columns;                ///< d_v + 1: the last belongs to the denominator
  std::vector<double> factors;        ///< per monomial: coefficient of P, arrangements, softmax_scale^degree
  std::vector<Aligned<double>> keys;  ///< M_u, [columns][width]
  Aligned<double> all;                ///< M
  Aligned<double> product_without(std::size_t u,
                                  const Aligned<double>& start) const;  ///< start o factors o product of M_w, w != u
};

/// [m, 1].
Matrix with_ones(const Matrix& m);

}  // namespace gapwright
