// SPDX-License-Identifier: MIT
// The exact gradient of attention of any order, fused like the forward pass ([LSSZ24]; [AS24b] for k = 2).
//
// With Pr = A / row sums and G = dLoss/dout:  dS[i,J] = Pr[i,J] (<G_i, v_J> - <G_i, out_i>),
//     dq_i = scale sum_J dS[i,J] k_J,        dk_u[j] = scale sum_{i, J: j_u = j} dS[i,J] q_i o prod_{w != u} k_w[j_w],
//     dv_u[j] = sum_{i, J: j_u = j} Pr[i,J] G_i o prod_{w != u} v_w[j_w].
// The forward pass leaves the shift and the sum of every row, so the second pass gets Pr as 2^(score - shift) / sum, tile by
// tile, for a group of queries and one prefix at a time; the division is left to what the weights multiply, the rows of q and G,
// and to dq. p = q o (prefix of keys) gives the scores, G o (prefix of values) the products <G_i, v_J>. Per tile, Z += dS k_last
// and Y += Pr v_last (both [column][lane]) serve dq and the gradients of the prefix's own rows; two outer products over the lanes
// add to those of the last matrices. 3 (d + d_v) multiply-adds per tuple. Rows of keys and values are shared by all queries, so
// groups are dealt to a fixed number of parts with sums of their own, added in order: threads change nothing. The error:
// attention/gradient_error. Example: one key: Pr = 1 and dS = 0, so dq = dk = 0 and dv = G.
#include "attention/gradient.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "attention/causal.hpp"
#include "attention/gradient_error.hpp"
#include "attention/kernels.hpp"
#include "attention/packed.hpp"
#include "support/parallel_rows.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kGradientTile = 64;
constexpr std::size_t kGradientParts = 16;

std::size_t padded(std::size_t columns, std::size_t vector) { return (columns + vector - 1) / vector * vector; }

/// The sums one part of the groups adds to: earlier key and value matrices in rows, the last ones in padded rows.
template <class T>
struct Sums {
  std::vector<Aligned<T>> keys, values;
  Aligned<T> last_keys, last_values;
};

template <class T>
class BackwardGroups {
 public:
  BackwardGroups(const Attention& a, const Packed<T>& packed, const ExactPass& forward, const Matrix& upstream, Matrix& dq)
      : a_(packed),
        q_(a.q),
        forward_(forward),
        upstream_(upstream),
        dq_(dq),
        key_width_(padded(a_.dimension, k_.vector)),
        value_width_(padded(a_.value_columns, k_.vector)) {
    for (std::size_t u = 0; u < a_.rows.size(); ++u) {
      sums_.keys.emplace_back(a_.rows[u] * a_.dimension, T(0));
      sums_.values.emplace_back(a_.rows[u] * a_.value_columns, T(0));
    }
    sums_.last_keys.assign(a_.last * key_width_, T(0));
    sums_.last_values.assign(a_.last * value_width_, T(0));
  }

  void run(std::size_t group, const RunControl& control) {
    load(group);
    PrefixWalk<T> prefix(a_);
    do {
      control.check();
      enter(a_.order > 2 ? &prefix : nullptr);
      for (std::size_t j = 0; j < a_.last; j += kGradientTile) tile(j, std::min(kGradientTile, a_.last - j));
      leave(a_.order > 2 ? &prefix : nullptr);
    } while (prefix.next());
    for (std::size_t i = 0; i < count_; ++i)
      for (std::size_t l = 0; l < a_.dimension; ++l)
        dq_.at(first_ + i, l) = static_cast<double>(dq_lanes_[l * a_.lanes + i]) / forward_.sum[first_ + i];
  }
  const Sums<T>& sums() const { return sums_; }

 private:
  void load(std::size_t group) {
    const std::size_t lanes = a_.lanes, d = a_.dimension, dv = a_.value_columns;
    first_ = group * lanes;
    count_ = std::min(lanes, a_.queries - first_);
    q_lanes_ = a_.q.data() + group * d * lanes;
    q_rows_.assign(lanes * key_width_, T(0));
    g_rows_.assign(lanes * value_width_, T(0));
    g_lanes_.assign(dv * lanes, T(0));
    shift_.assign(lanes, T(0));
    delta_.assign(lanes, T(0));
    dq_lanes_.assign(d * lanes, T(0));
    for (std::size_t i = 0; i < count_; ++i) {
      double delta = 0;
      const double sum = forward_.sum[first_ + i];
      for (std::size_t l = 0; l < d; ++l) q_rows_[i * key_width_ + l] = static_cast<T>(q_.at(first_ + i, l) / sum);
      for (std::size_t c = 0; c < dv; ++c) {
        const double g = upstream_.at(first_ + i, c);
        g_lanes_[c * lanes + i] = static_cast<T>(g);
        g_rows_[i * value_width_ + c] = static_cast<T>(g / sum);
        delta += g * forward_.out.at(first_ + i, c);
      }
      shift_[i] = static_cast<T>(forward_.shift[first_ + i]);
      delta_[i] = static_cast<T>(delta);
    }
  }

  void enter(const PrefixWalk<T>* prefix) {
    const std::size_t lanes = a_.lanes;
    p_lanes_.assign(q_lanes_, q_lanes_ + a_.dimension * lanes);
    p_rows_ = q_rows_;
    h_lanes_ = g_lanes_;
    h_rows_ = g_rows_;
    if (prefix)
      for (std::size_t i = 0; i < lanes; ++i) {
        for (std::size_t l = 0; l < a_.dimension; ++l) {
          p_lanes_[l * lanes + i] *= prefix->key()[l];
          p_rows_[i * key_width_ + l] *= prefix->key()[l];
        }
        for (std::size_t c = 0; c < a_.value_columns; ++c) {
          h_lanes_[c * lanes + i] *= prefix->value()[c];
          h_rows_[i * value_width_ + c] *= prefix->value()[c];
        }
      }
    z_.assign(a_.dimension * lanes, T(0));
    y_.assign(a_.value_columns * lanes, T(0));
  }

  void tile(std::size_t j, std::size_t count) {
    k_.scores(a_.last_key_rows.data() + j * a_.dimension, count, a_.dimension, p_lanes_.data(), w_.data(), scratch_.data());
    k_.weights(w_.data(), count, shift_.data(), scratch_.data());
    k_.scores(a_.last_value_rows.data() + j * a_.value_columns, count, a_.value_columns, h_lanes_.data(), s_.data(),
              scratch_.data());
    k_.slopes(w_.data(), s_.data(), count, delta_.data());
    k_.combine(a_.last_key_columns.data() + j * kernels::kPanel, a_.last * kernels::kPanel, a_.dimension, count, s_.data(),
               z_.data());
    if (a_.order > 2)
      k_.combine(a_.last_value_columns.data() + j * kernels::kPanel, a_.last * kernels::kPanel, a_.value_columns, count,
                 w_.data(), y_.data());
    k_.outer(s_.data(), count, p_rows_.data(), key_width_, sums_.last_keys.data() + j * key_width_);
    k_.outer(w_.data(), count, h_rows_.data(), value_width_, sums_.last_values.data() + j * value_width_);
  }

  void leave(const PrefixWalk<T>* prefix) {
    const std::size_t lanes = a_.lanes;
    for (std::size_t l = 0; l < a_.dimension; ++l)
      for (std::size_t i = 0; i < lanes; ++i) dq_lanes_[l * lanes + i] += (prefix ? prefix->key()[l] : T(1)) * z_[l * lanes + i];
    if (!prefix) return;
    add_to_prefix(*prefix, a_.dimension, q_rows_, key_width_, z_, a_.keys, sums_.keys);
    add_to_prefix(*prefix, a_.value_columns, g_rows_, value_width_, y_, a_.values, sums_.values);
  }

  /// sums[u][j_u, c] += prod_{w != u} rows[w][j_w, c] * sum_i query[i, c] x[c, i].
  void add_to_prefix(const PrefixWalk<T>& prefix, std::size_t columns, const Aligned<T>& query, std::size_t width,
                     const Aligned<T>& x, const std::vector<Aligned<T>>& rows, std::vector<Aligned<T>>& sums) const {
    for (std::size_t c = 0; c < columns; ++c) {
      T total = 0;
      for (std::size_t i = 0; i < a_.lanes; ++i) total += query[i * width + c] * x[c * a_.lanes + i];
      for (std::size_t u = 0; u < rows.size(); ++u) {
        T term = total;
        for (std::size_t w = 0; w < rows.size(); ++w)
          if (w != u) term *= rows[w][prefix.indices()[w] * columns + c];
        sums[u][prefix.indices()[u] * columns + c] += term;
      }
    }
  }

  const kernels::AttentionKernels<T>& k_ = kernels::attention_kernels<T>();
  const Packed<T>& a_;
  const Matrix& q_;
  const ExactPass& forward_;
  const Matrix& upstream_;
  Matrix& dq_;
  std::size_t key_width_, value_width_;
  Sums<T> sums_;
  std::size_t first_ = 0, count_ = 0;
  const T* q_lanes_ = nullptr;
  Aligned<T> q_rows_, g_rows_;  ///< divided by the row's sum of weights
  Aligned<T> g_lanes_, shift_, delta_, dq_lanes_;
  Aligned<T> p_lanes_, p_rows_, h_lanes_, h_rows_;  ///< queries and upstream times the prefix's keys and values
  Aligned<T> z_, y_;
  Aligned<T> w_ = Aligned<T>(kGradientTile * a_.lanes), s_ = w_, scratch_ = Aligned<T>(a_.lanes);
};

template <class T>
void add_rows(Matrix& m, const Aligned<T>& rows, std::size_t width) {
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) m.at(r, c) += static_cast<double>(rows[r * width + c]);
}

/// Of a balanced input, in its units, those of q and the keys without the factor softmax_scale.
template <class T>
AttentionGradient gradient_in(const Attention& a, const Packed<T>& packed, const ExactPass& forward, const Matrix& upstream,
                              const RunControl& control) {
  AttentionGradient gradient{Matrix(a.q.rows, a.q.columns), {}, {}};
  const std::size_t parts = std::min(kGradientParts, packed.groups);
  std::vector<Sums<T>> sums(parts);
  for_row_pieces(0, parts, 1, control, [&](std::size_t part, std::size_t) {
    BackwardGroups<T> groups(a, packed, forward, upstream, gradient.q);
    for (std::size_t g = part * packed.groups / parts; g < (part + 1) * packed.groups / parts; ++g) groups.run(g, control);
    sums[part] = groups.sums();
  });
  const std::size_t vector = kernels::attention_kernels<T>().vector, earlier = packed.rows.size();
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    gradient.keys.emplace_back(a.keys[u].rows, a.keys[u].columns);
    gradient.values.emplace_back(a.values[u].rows, a.values[u].columns);
    const bool is_last = u == earlier;
    for (const Sums<T>& part : sums) {
      add_rows(gradient.keys[u], is_last ? part.last_keys : part.keys[u],
               is_last ? padded(packed.dimension, vector) : packed.dimension);
      add_rows(gradient.values[u], is_last ? part.last_values : part.values[u],
               is_last ? padded(packed.value_columns, vector) : packed.value_columns);
    }
  }
  return gradient;
}

template <class T>
ExactGradient exact(const Attention& a, const Matrix& upstream, Arithmetic arithmetic, const RunControl& control) {
  const Balanced balanced(a);
  const BalancedUpstream g(balanced, upstream);
  ExactPass forward = exact_pass(balanced, arithmetic, {control.threads, control.stop, {}});
  const Packed<T> packed(balanced.attention, true);
  const ColumnErrors errors = exact_gradient_errors(balanced, g.g, arithmetic, forward, packed.lanes);
  ExactGradient result;
  result.gradient = gradient_in(balanced.attention, packed, forward, g.g, control);
  result.error = in_units(balanced, g.exponent, errors);
  to_units(balanced, g.exponent, result.gradient);
  check_finite(result.gradient, result.error);
  result.forward = in_units(balanced, std::move(forward));
  return result;
}

}  // namespace

void check_upstream(const Attention& a, const Matrix& upstream) {
  const std::size_t columns = a.values.empty() ? 0 : a.values[0].columns;
  if (upstream.rows != a.q.rows || upstream.columns != columns)
    throw std::invalid_argument("the upstream gradient is " + std::to_string(upstream.rows) + " x " +
                                std::to_string(upstream.columns) + ", the outputs are " + std::to_string(a.q.rows) + " x " +
                                std::to_string(columns));
  const auto bad = std::ranges::find_if_not(upstream.entries, [](double x) { return std::isfinite(x); });
  if (bad == upstream.entries.end()) return;
  const auto at = static_cast<std::size_t>(bad - upstream.entries.begin());
  throw std::invalid_argument("entry [" + std::to_string(at / columns) + ", " + std::to_string(at % columns) +
                              "] of the upstream gradient is not a finite number");
}

double GradientError::largest_keys() const { return *std::max_element(keys.begin(), keys.end()); }
double GradientError::largest_values() const { return *std::max_element(values.begin(), values.end()); }
double GradientError::largest() const { return std::max({q, largest_keys(), largest_values()}); }

ExactGradient exact_gradient(const Attention& a, const Matrix& upstream, Arithmetic arithmetic, const RunControl& control) {
  check_well_formed(a);
  check_upstream(a, upstream);
  if (a.terms.causal) return causal_gradient(a, upstream, arithmetic, control);
  return arithmetic == Arithmetic::f64 ? exact<double>(a, upstream, arithmetic, control)
                                       : exact<float>(a, upstream, arithmetic, control);
}

}  // namespace gapwright
