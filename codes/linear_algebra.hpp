// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "codes/field.hpp"
#include "codes/symbol_matrix.hpp"
#include "support/progress.hpp"

namespace gapwright {

/// The inverse of a square matrix; throws std::invalid_argument when there is none.
SymbolMatrix inverse(const Field& field, const SymbolMatrix& matrix, const Progress& progress = {});

/// Columns of `matrix`, in the order in which `order` names them, each kept when it is independent of those kept
/// before. Stops as soon as every row has its column, so a generator matrix of full rank is settled by little more than
/// its first K columns. The number of columns returned is the rank of the columns named.
std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix, std::span<const std::size_t> order,
                                             const Progress& progress = {});
/// The same in the natural order of the columns.
std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix, const Progress& progress = {});

/// The columns named, in that order.
SymbolMatrix columns_of(const SymbolMatrix& matrix, std::span<const std::size_t> columns, const Progress& progress = {});

/// The matrix with the same row space and the identity on `columns`, as many as there are rows; throws
/// std::invalid_argument unless they are independent.
SymbolMatrix systematic_on(const Field& field, const SymbolMatrix& matrix, std::span<const std::size_t> columns,
                           const Progress& progress = {});

/// A basis of the row space of any matrix that is the identity on `leads`: row i is the only one that is not 0 at
/// leads[i]. The leads are in no particular order. `kept` are the rows of the matrix that are independent of the rows
/// before them.
struct ReducedBasis {
  SymbolMatrix rows;
  std::vector<std::size_t> leads;
  std::vector<std::size_t> kept;
};
/// Symbols held beside the matrix while the rows of one with `rows` rows and `columns` columns are reduced.
std::uint64_t reduction_symbols(std::size_t rows, std::size_t columns);
/// The same while an n x n matrix is inverted, its inverse included.
std::uint64_t inverse_symbols(std::size_t n);

/// Leads are taken from the first `lead_columns` columns; a row that is 0 there counts as dependent.
ReducedBasis reduced_basis(const Field& field, const SymbolMatrix& matrix, std::size_t lead_columns,
                           const Progress& progress = {});

}  // namespace gapwright
