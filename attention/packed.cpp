// SPDX-License-Identifier: MIT
#include "attention/packed.hpp"

#include <algorithm>
#include <numbers>

#include "attention/kernels.hpp"

namespace gapwright {
namespace {

using kernels::kPanel;

template <class T>
Aligned<T> rows_of(const Matrix& m) {
  return Aligned<T>(m.entries.begin(), m.entries.end());
}

}  // namespace

template <class T>
Aligned<T> row_panels(const Matrix& m) {
  Aligned<T> panels((m.rows + kPanel - 1) / kPanel * kPanel * m.columns, T(0));
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c)
      panels[r / kPanel * kPanel * m.columns + c * kPanel + r % kPanel] = static_cast<T>(m.at(r, c));
  return panels;
}

template <class T>
Aligned<T> column_panels(const Matrix& m) {
  Aligned<T> panels((m.columns + kPanel - 1) / kPanel * kPanel * m.rows, T(0));
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c)
      panels[(c / kPanel * m.rows + r) * kPanel + c % kPanel] = static_cast<T>(m.at(r, c));
  return panels;
}

template <class T>
Packed<T>::Packed(const Attention& a, bool with_gradient)
    : order(a.keys.size() + 1),
      queries(a.q.rows),
      dimension(a.q.columns),
      value_columns(a.values.empty() ? 0 : a.values[0].columns),
      lanes(kernels::attention_kernels<T>().lanes) {
  groups = (queries + lanes - 1) / lanes;
  last = a.keys.back().rows;
  prefixes = 1;
  q.assign(groups * dimension * lanes, T(0));
  const double scale = a.terms.softmax_scale * std::numbers::log2e;
  for (std::size_t i = 0; i < queries; ++i)
    for (std::size_t l = 0; l < dimension; ++l)
      q[(i / lanes * dimension + l) * lanes + i % lanes] = static_cast<T>(a.q.at(i, l) * scale);
  for (std::size_t u = 0; u + 1 < a.keys.size(); ++u) {
    rows.push_back(a.keys[u].rows);
    prefixes *= rows.back();
    keys.push_back(rows_of<T>(a.keys[u]));
    values.push_back(rows_of<T>(a.values[u]));
  }
  last_key_rows = row_panels<T>(a.keys.back());
  last_value_columns = column_panels<T>(a.values.back());
  if (with_gradient) {
    last_key_columns = column_panels<T>(a.keys.back());
    last_value_rows = row_panels<T>(a.values.back());
  }
}

template <class T>
PrefixWalk<T>::PrefixWalk(const Packed<T>& packed) : packed_(packed), indices_(packed.rows.size(), 0) {
  for (std::size_t u = 0; u < indices_.size(); ++u) {
    keys_.emplace_back(packed.dimension);
    values_.emplace_back(packed.value_columns);
  }
  rebuild(0);
}

template <class T>
void PrefixWalk<T>::rebuild(std::size_t from) {
  const auto extend = [](const Aligned<T>* before, const T* row, Aligned<T>& product) {
    for (std::size_t x = 0; x < product.size(); ++x) product[x] = before ? (*before)[x] * row[x] : row[x];
  };
  for (std::size_t u = from; u < indices_.size(); ++u) {
    extend(u == 0 ? nullptr : &keys_[u - 1], packed_.keys[u].data() + indices_[u] * packed_.dimension, keys_[u]);
    extend(u == 0 ? nullptr : &values_[u - 1], packed_.values[u].data() + indices_[u] * packed_.value_columns, values_[u]);
  }
}

template <class T>
bool PrefixWalk<T>::next() {
  for (std::size_t u = indices_.size(); u-- > 0;) {
    if (++indices_[u] < packed_.rows[u]) {
      rebuild(u);
      return true;
    }
    indices_[u] = 0;
  }
  return false;
}

template struct Packed<double>;
template struct Packed<float>;
template class PrefixWalk<double>;
template class PrefixWalk<float>;

}  // namespace gapwright
