// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <vector>

#include "attention/aligned.hpp"
#include "instances/attention.hpp"

namespace gapwright {

/// A balanced attention input (attention/balanced) as the kernels want it (attention/kernels.hpp: groups and panels), in T = double or float. The last key
/// matrix is the one the kernels run over; the earlier ones make up the PREFIX of a tuple and stay in rows.
template <class T>
struct Packed {
  explicit Packed(const Attention&, bool with_gradient = false);

  std::size_t order, queries, dimension, value_columns;
  std::size_t lanes;                     ///< queries in a group
  std::size_t groups;                    ///< ceil(queries / lanes); lanes beyond the last query hold zeros
  std::size_t last;                      ///< rows of the last key matrix
  std::size_t prefixes;                  ///< product of the rows of the earlier ones; 1 for k = 2
  Aligned<T> q;                          ///< [groups][dimension][lanes], times softmax_scale log2(e): scores are exponents of 2
  std::vector<std::size_t> rows;         ///< of the earlier key matrices
  std::vector<Aligned<T>> keys, values;  ///< the earlier ones, [rows][dimension] and [rows][value_columns]
  Aligned<T> last_key_rows, last_value_columns;  ///< panels
  Aligned<T> last_key_columns, last_value_rows;  ///< panels, with_gradient only
};

/// Walks over all prefixes of a packed input in lexicographic order, with the products of their keys and values.
template <class T>
class PrefixWalk {
 public:
  explicit PrefixWalk(const Packed<T>&);
  /// Coordinatewise products of the prefix's key rows and value rows; not for k = 2, where the prefix is empty.
  const T* key() const { return keys_.back().data(); }
  const T* value() const { return values_.back().data(); }
  const std::vector<std::size_t>& indices() const { return indices_; }
  bool next();  ///< false after the last prefix

 private:
  void rebuild(std::size_t from);
  const Packed<T>& packed_;
  std::vector<std::size_t> indices_;
  std::vector<Aligned<T>> keys_, values_;  ///< partial products
};

/// m in panels of 8 rows, [ceil(rows/8)][columns][8], or of 8 columns, [ceil(columns/8)][rows][8]; zero padded.
template <class T>
Aligned<T> row_panels(const Matrix& m);
template <class T>
Aligned<T> column_panels(const Matrix& m);

}  // namespace gapwright
