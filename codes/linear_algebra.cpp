// SPDX-License-Identifier: MIT
// Elimination over a finite field.
//
// Built: bases that are the identity on some columns, and from them information sets, inverses and systematic forms.
// Rows come in panels of 64. A panel is reduced by the rows kept so far with ONE matrix product, because these are the
// identity on their leads: panel -= (panel on the leads) * rows. What is left of it is eliminated row by row within
// the panel; then the new leads are cleared in the old rows by a second product. So nearly all work is done by
// multiply.cpp, many times faster than row operations on logarithms.
// Greedy choice is optimal: a row is kept exactly when it is independent of all earlier ones, so the rows kept are the
// lexicographically first basis. Applied to the transposed generator matrix that gives the first information set, and
// it stops with the K-th column kept: for our codes after little more than K of the L columns, whatever L is.
// Example (a test repeats it): over F_5 the rows 1 2 3, 2 4 1, 0 0 0, 0 1 1 keep rows 0 and 3 with leads 0 and 1.
#include "codes/linear_algebra.hpp"
#include "codes/multiply.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace gapwright {

namespace {

constexpr std::size_t panel_rows = 64;
constexpr std::size_t cleared_together = 2048;  // rows; few enough that their product is small beside long matrices

SymbolMatrix rows_of(const SymbolMatrix& matrix, std::size_t first, std::size_t count) {
  SymbolMatrix rows(count, matrix.columns);
  std::copy_n(matrix.symbols.begin() + static_cast<std::ptrdiff_t>(first * matrix.columns), rows.symbols.size(),
              rows.symbols.begin());
  return rows;
}

/// The rows of target from `first` on: target -= (target on the leads) * rows, for rows that are the identity on the leads.
void clear_leads(const Field& field, SymbolMatrix& target, std::size_t first, std::size_t count,
                 const std::vector<std::size_t>& leads, const SymbolMatrix& rows, const Progress& progress) {
  SymbolMatrix on_leads(count, leads.size());
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t i = 0; i < leads.size(); ++i) on_leads.at(r, i) = target.at(first + r, leads[i]);
  }
  const SymbolMatrix product = multiply(field, on_leads, rows, progress);
  for (std::size_t r = 0; r < count; ++r) {
    const std::span<Symbol> row = target.row(first + r);
    for (std::size_t x = 0; x < row.size(); ++x) row[x] = field.subtract(row[x], product.at(r, x));
    if (progress) progress(1);
  }
}

void clear_leads(const Field& field, SymbolMatrix& target, const std::vector<std::size_t>& leads, const SymbolMatrix& rows,
                 const Progress& progress) {
  if (leads.empty() || target.rows == 0) return;
  for (std::size_t first = 0; first < target.rows; first += cleared_together) {
    const std::size_t count = std::min(cleared_together, target.rows - first);
    const double all = static_cast<double>(target.rows);
    clear_leads(field, target, first, count, leads, rows,
                share(progress, static_cast<double>(first) / all, static_cast<double>(first + count) / all));
  }
}

/// Plain elimination of the few rows of a panel, greedy in their order; `first_row` is the number of its first row.
ReducedBasis reduce_panel(const Field& field, SymbolMatrix panel, std::size_t lead_columns, std::size_t first_row,
                          const Progress& progress) {
  ReducedBasis basis;
  for (std::size_t r = 0; r < panel.rows; ++r) {
    if (progress) progress(static_cast<double>(r) / static_cast<double>(panel.rows));
    const std::span<Symbol> row = panel.row(r);
    const std::size_t rank = basis.leads.size();
    for (std::size_t k = 0; k < rank; ++k) {
      const Symbol c = row[basis.leads[k]];
      if (c != 0) field.add_multiple(row, field.negative(c), panel.row(k));
    }
    const auto end = row.begin() + static_cast<std::ptrdiff_t>(lead_columns);
    const auto found = std::find_if(row.begin(), end, [](Symbol s) { return s != 0; });
    if (found == end) continue;
    const std::size_t lead = static_cast<std::size_t>(found - row.begin());
    field.scale(row, field.inverse(row[lead]));
    for (std::size_t k = 0; k < rank; ++k) {
      const Symbol c = panel.at(k, lead);
      if (c != 0) field.add_multiple(panel.row(k), field.negative(c), row);
    }
    if (r != rank) std::ranges::copy(row, panel.row(rank).begin());
    basis.leads.push_back(lead);
    basis.kept.push_back(first_row + r);
  }
  panel.rows = basis.leads.size();
  panel.symbols.resize(panel.rows * panel.columns);
  basis.rows = std::move(panel);
  return basis;
}

/// The columns named, as rows.
SymbolMatrix transposed(const SymbolMatrix& matrix, std::span<const std::size_t> columns) {
  SymbolMatrix result(columns.size(), matrix.rows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t r = 0; r < matrix.rows; ++r) result.at(i, r) = matrix.at(r, columns[i]);
  }
  return result;
}

/// The rows that `panel_of(first, count)` gives for first = 0, 64, ... up to `row_count`.
template <class PanelOf>
ReducedBasis reduce_panels(const Field& field, std::size_t row_count, std::size_t columns, std::size_t lead_columns,
                           const PanelOf& panel_of, const Progress& progress) {
  ReducedBasis basis;
  basis.rows = SymbolMatrix(0, columns);
  basis.rows.symbols.reserve(std::min(row_count, lead_columns) * columns);  // a vector that grows is there twice
  for (std::size_t first = 0; first < row_count && basis.leads.size() < lead_columns; first += panel_rows) {
    const double all = static_cast<double>(row_count), begin = static_cast<double>(first) / all;
    const double third = static_cast<double>(std::min(panel_rows, row_count - first)) / all / 3;
    SymbolMatrix panel = panel_of(first, std::min(panel_rows, row_count - first));
    clear_leads(field, panel, basis.leads, basis.rows, share(progress, begin, begin + third));
    const ReducedBasis fresh =
        reduce_panel(field, std::move(panel), lead_columns, first, share(progress, begin + third, begin + 2 * third));
    clear_leads(field, basis.rows, fresh.leads, fresh.rows, share(progress, begin + 2 * third, begin + 3 * third));
    basis.rows.symbols.insert(basis.rows.symbols.end(), fresh.rows.symbols.begin(), fresh.rows.symbols.end());
    basis.rows.rows += fresh.rows.rows;
    basis.leads.insert(basis.leads.end(), fresh.leads.begin(), fresh.leads.end());
    basis.kept.insert(basis.kept.end(), fresh.kept.begin(), fresh.kept.end());
    if (progress) progress(static_cast<double>(std::min(first + panel_rows, row_count)) / static_cast<double>(row_count));
  }
  return basis;
}

}  // namespace

std::uint64_t reduction_symbols(std::size_t rows, std::size_t columns) {
  // the basis; a panel, what is reduced of it, and their copies; a product, and what is on the leads
  const std::uint64_t panel = std::min(rows, panel_rows), product = std::min(rows, cleared_together);
  return columns * (rows + 4 * panel + product) + panel * (rows + product);
}

std::uint64_t inverse_symbols(std::size_t n) { return reduction_symbols(n, 2 * n) + std::uint64_t{n} * n; }

ReducedBasis reduced_basis(const Field& field, const SymbolMatrix& matrix, std::size_t lead_columns, const Progress& progress) {
  const auto panel_of = [&](std::size_t first, std::size_t count) { return rows_of(matrix, first, count); };
  return reduce_panels(field, matrix.rows, matrix.columns, lead_columns, panel_of, progress);
}

std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix, std::span<const std::size_t> order,
                                             const Progress& progress) {
  const auto panel_of = [&](std::size_t first, std::size_t count) { return transposed(matrix, order.subspan(first, count)); };
  std::vector<std::size_t> kept = reduce_panels(field, order.size(), matrix.rows, matrix.rows, panel_of, progress).kept;
  for (std::size_t& position : kept) position = order[position];
  return kept;
}

std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix, const Progress& progress) {
  std::vector<std::size_t> order(matrix.columns);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return independent_columns(field, matrix, order, progress);
}

SymbolMatrix columns_of(const SymbolMatrix& matrix, std::span<const std::size_t> columns, const Progress& progress) {
  SymbolMatrix result = zero_symbols(matrix.rows, columns.size(), progress);
  Steps rows(progress, matrix.rows, rows_between_looks(columns.size()));
  for (std::size_t r = 0; r < matrix.rows; ++r) {
    for (std::size_t i = 0; i < columns.size(); ++i) result.at(r, i) = matrix.at(r, columns[i]);
    rows.done();
  }
  return result;
}

SymbolMatrix inverse(const Field& field, const SymbolMatrix& matrix, const Progress& progress) {
  const std::size_t n = matrix.rows;
  if (matrix.columns != n) throw std::invalid_argument("only a square matrix has an inverse");
  const auto with_identity = [&](std::size_t first, std::size_t count) {
    SymbolMatrix rows(count, 2 * n);
    for (std::size_t r = 0; r < count; ++r) {
      std::ranges::copy(matrix.row(first + r), rows.row(r).begin());
      rows.at(r, n + first + r) = 1;
    }
    return rows;
  };
  const ReducedBasis basis = reduce_panels(field, n, 2 * n, n, with_identity, share(progress, 0, 0.99));
  if (basis.leads.size() != n) throw std::invalid_argument("the matrix is singular");
  const Progress last = share(progress, 0.99, 1);
  SymbolMatrix result = zero_symbols(n, n, last);
  Steps rows(last, n);
  for (std::size_t i = 0; i < n; ++i) {
    std::ranges::copy(basis.rows.row(i).subspan(n), result.row(basis.leads[i]).begin());
    rows.done();
  }
  return result;
}

SymbolMatrix systematic_on(const Field& field, const SymbolMatrix& matrix, std::span<const std::size_t> columns,
                           const Progress& progress) {
  const auto inverted = [&] {
    return inverse(field, columns_of(matrix, columns, share(progress, 0, 0.02)), share(progress, 0.02, 0.5));
  };
  const SymbolMatrix to_systematic = inverted();
  return multiply(field, to_systematic, matrix, share(progress, 0.5, 1));
}

}  // namespace gapwright
