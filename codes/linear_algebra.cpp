// Elimination over a finite field.
//
// Built: information sets and systematic forms. A code's generator matrix has K rows and L >> K columns, and its first
// K + (a few) columns usually contain a basis of the column space. So elimination goes column by column (each column a
// contiguous vector of K symbols) and stops with the K-th pivot: K^2/2 multiplications per column looked at,
// independent of L. The systematic form is then one matrix product, inverse(G on I) * G, which multiply.cpp does many
// times faster than row operations would. Greedy choice is optimal: a column is kept exactly when it is independent of
// all earlier ones, so the set kept is the lexicographically first basis, the pivots of the reduced echelon form.
#include "codes/linear_algebra.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace gapwright {

namespace {

/// A growing basis of a space of columns; vector k has 1 at lead k and 0 at the leads of the vectors before it.
class ColumnBasis {
 public:
  explicit ColumnBasis(const Field& field) : field_(field) {}

  /// Takes `column` in if it is independent of the basis so far; says whether it did.
  bool insert(std::vector<Symbol> column) {
    for (std::size_t k = 0; k < vectors_.size(); ++k) {
      const Symbol c = column[leads_[k]];
      if (c != 0) field_.add_multiple(column, field_.negative(c), vectors_[k]);
    }
    std::size_t lead = 0;
    while (lead < column.size() && column[lead] == 0) ++lead;
    if (lead == column.size()) return false;
    field_.scale(column, field_.inverse(column[lead]));
    leads_.push_back(lead);
    vectors_.push_back(std::move(column));
    return true;
  }

 private:
  const Field& field_;
  std::vector<std::vector<Symbol>> vectors_;
  std::vector<std::size_t> leads_;
};

std::vector<std::size_t> all_columns(const SymbolMatrix& matrix) {
  std::vector<std::size_t> order(matrix.columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

}  // namespace

std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix,
                                             std::span<const std::size_t> order, const Progress& progress) {
  ColumnBasis basis(field);
  std::vector<std::size_t> kept;
  std::vector<Symbol> column(matrix.rows);
  for (std::size_t c : order) {
    if (kept.size() == matrix.rows) break;
    for (std::size_t r = 0; r < matrix.rows; ++r) column[r] = matrix.at(r, c);
    if (!basis.insert(column)) continue;
    kept.push_back(c);
    if (progress) progress(static_cast<double>(kept.size()) / static_cast<double>(matrix.rows));
  }
  return kept;
}

std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix, const Progress& progress) {
  return independent_columns(field, matrix, all_columns(matrix), progress);
}

SymbolMatrix columns_of(const SymbolMatrix& matrix, std::span<const std::size_t> columns) {
  SymbolMatrix result(matrix.rows, columns.size());
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t i = 0; i < columns.size(); ++i) result.at(r, i) = matrix.at(r, columns[i]);
  }
  return result;
}

EchelonForm echelon_form(const Field& field, SymbolMatrix matrix) {
  EchelonForm form;
  std::size_t rank = 0;
  for (std::size_t c = 0; c < matrix.columns && rank < matrix.rows; ++c) {
    std::size_t r = rank;
    while (r < matrix.rows && matrix.at(r, c) == 0) ++r;
    if (r == matrix.rows) continue;
    if (r != rank) std::swap_ranges(matrix.row(r).begin(), matrix.row(r).end(), matrix.row(rank).begin());
    field.scale(matrix.row(rank), field.inverse(matrix.at(rank, c)));
    for (std::size_t other = 0; other < matrix.rows; ++other) {
      const Symbol factor = matrix.at(other, c);
      if (other == rank || factor == 0) continue;
      field.add_multiple(matrix.row(other).subspan(c), field.negative(factor), matrix.row(rank).subspan(c));
    }
    form.pivots.push_back(c);
    ++rank;
  }
  matrix.symbols.resize(rank * matrix.columns);
  matrix.rows = rank;
  form.basis = std::move(matrix);
  return form;
}

SymbolMatrix inverse(const Field& field, const SymbolMatrix& matrix) {
  const std::size_t n = matrix.rows;
  if (matrix.columns != n) throw std::invalid_argument("only a square matrix has an inverse");
  SymbolMatrix augmented(n, 2 * n);
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t c = 0; c < n; ++c) augmented.at(r, c) = matrix.at(r, c);
    augmented.at(r, n + r) = 1;
  }
  const EchelonForm form = echelon_form(field, std::move(augmented));
  if (n > 0 && form.pivots.back() >= n) throw std::invalid_argument("the matrix is singular");
  std::vector<std::size_t> right(n);
  std::iota(right.begin(), right.end(), n);
  return columns_of(form.basis, right);
}

SymbolMatrix systematic_on(const Field& field, const SymbolMatrix& matrix, std::span<const std::size_t> columns,
                           const Progress& progress) {
  return multiply(field, inverse(field, columns_of(matrix, columns)), matrix, progress);
}

}  // namespace gapwright
