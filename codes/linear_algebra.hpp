#pragma once
#include <span>
#include <vector>

#include "codes/field.hpp"
#include "codes/progress.hpp"
#include "codes/symbol_matrix.hpp"

namespace gapwright {

/// a b. Throws std::invalid_argument when a has not as many columns as b has rows. The fast kernel of this room, see
/// multiply.cpp.
SymbolMatrix multiply(const Field& field, const SymbolMatrix& a, const SymbolMatrix& b, const Progress& progress = {});

/// The inverse of a square matrix; throws std::invalid_argument when there is none.
SymbolMatrix inverse(const Field& field, const SymbolMatrix& matrix);

/// Columns of `matrix`, in the order in which `order` names them, each kept when it is independent of those kept
/// before. Stops as soon as every row has its column, so a generator matrix of full rank is settled by little more than
/// its first K columns. The number of columns returned is the rank of the columns named.
std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix,
                                             std::span<const std::size_t> order, const Progress& progress = {});
/// The same in the natural order of the columns.
std::vector<std::size_t> independent_columns(const Field& field, const SymbolMatrix& matrix,
                                             const Progress& progress = {});

/// The columns named, in that order.
SymbolMatrix columns_of(const SymbolMatrix& matrix, std::span<const std::size_t> columns);

/// The matrix with the same row space and the identity on `columns`, as many as there are rows; throws
/// std::invalid_argument unless they are independent.
SymbolMatrix systematic_on(const Field& field, const SymbolMatrix& matrix, std::span<const std::size_t> columns,
                           const Progress& progress = {});

/// A reduced echelon basis of the row space of any matrix: the identity on `pivots`, which increase.
struct EchelonForm {
  SymbolMatrix basis;
  std::vector<std::size_t> pivots;
};
EchelonForm echelon_form(const Field& field, SymbolMatrix matrix);

}  // namespace gapwright
