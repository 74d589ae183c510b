#include "attention/packed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "attention/exact_error.hpp"
#include "attention/kernels.hpp"
#include "instances/errors.hpp"

namespace gapwright {
namespace {

using kernels::kPanel;

/// Products along the tuple, of the largest absolute values in each column, must stay far below the largest number of T.
template <class T>
void check_range(const Attention& a) {
  const double limit = static_cast<double>(std::numeric_limits<T>::max()) / 4;
  const char* type = sizeof(T) == 4 ? "f32" : "f64";
  const char* remedy = sizeof(T) == 4 ? "compute in f64, or scale the entries down" : "scale the entries down";
  const auto require = [&](double x, const char* what) {
    if (!(x < limit)) throw BadInstance(fmt::format("{} up to {:.3g} overflow {}; {}", what, x, type, remedy));
  };
  const double scale = std::abs(a.terms.softmax_scale) * std::numbers::log2e;
  require(scale, "scaled entries");
  std::vector<double> products = column_maxima(a.q);
  for (double& p : products) {
    require(p, "entries");
    require(p *= scale, "scaled entries");
  }
  std::vector<double> values(a.values[0].columns, 1.0);
  double tuples = 1;
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    const auto key = column_maxima(a.keys[u]), value = column_maxima(a.values[u]);
    tuples *= static_cast<double>(a.keys[u].rows);
    for (std::size_t l = 0; l < key.size(); ++l) {
      require(key[l], "entries");
      require(products[l] *= key[l], "scores");
    }
    for (std::size_t c = 0; c < value.size(); ++c) {
      require(value[c], "values");
      require(values[c] *= value[c], "products of values");
    }
  }
  double score = 0;
  for (const double p : products) score += p;
  require(2 * score, "scores");
  // Partial products that underflow are lost to an error that the bound states (exact_error); beyond this it would say nothing.
  const LargestProducts lost = largest_products(a);
  const double most = std::ldexp(1.0, sizeof(T) == 4 ? 80 : 900);
  const auto refuse = [&](const char* what) {
    throw BadInstance(fmt::format("{} of very large and very small entries lose too much to underflow in {}; scale large matrices down and small ones up", what, type));
  };
  if (!(lost.scores < most)) refuse("scores");
  if (!(lost.values < most)) refuse("products of values");
  const double largest = *std::max_element(values.begin(), values.end());
  require(tuples * std::exp2(static_cast<double>(kernels::kSlack<T>)) * std::max(1.0, largest), "sums of weighted values");
}

template <class T>
Aligned<T> rows_of(const Matrix& m) {
  return Aligned<T>(m.entries.begin(), m.entries.end());
}

}  // namespace

std::vector<double> column_maxima(const Matrix& m) {
  std::vector<double> largest(m.columns, 0.0);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) largest[c] = std::max(largest[c], std::abs(m.at(r, c)));
  return largest;
}

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
  check_well_formed(a);
  check_range<T>(a);
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
