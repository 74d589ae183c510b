// SPDX-License-Identifier: MIT
// Exact attention of any order, fused: scores, running maximum, weights and weighted values of a tile of keys never leave the
// first cache levels.
//
// A task is a group of queries in vector lanes (or four, so that a long last key matrix is read from memory once for all of
// them). For each prefix (j_1, ..., j_{k-2}) the coordinatewise products p = q o k_1[j_1] o ... form a matrix that is multiplied
// with the last key matrix tile by tile; the tile's weights are multiplied with the last value matrix; and when the prefix is
// done the result is multiplied once by v_1[j_1] o ... and added. So a tuple costs 2 (d + d_v) operations and one exponential,
// and everything else is a factor 1/128 or 1/n below that. k = 2 has no prefix: the group's queries are p, and the tiles add into
// the result directly. k = 3 has one key per prefix, whose rows are used in place; from k = 4 on the prefix products are kept as
// a stack, and a step changes only the levels that moved.
//
// Running maximum (the online softmax of [MG18], and of flash attention): weights are 2^(score
// - shift); the shift of a lane moves only when a score exceeds it by more than kSlack, which is harmless to relative accuracy
// and makes rescaling rare. All lanes of a group rescale together. Error: attention/exact_error.cpp. Groups are independent and
// every sum has a fixed order, so threads never change a bit. Example: one query, one key per matrix: out = v_J whatever the
// scores are.
#include "attention/exact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "attention/causal.hpp"
#include "attention/exact_error.hpp"
#include "attention/kernels.hpp"
#include "attention/packed.hpp"
#include "support/errors.hpp"
#include "support/parallel_rows.hpp"

namespace gapwright {
namespace {

/// One group on its way: its products p, and the sums so far relative to 2^shift.
template <class T>
class Group {
 public:
  Group(const Packed<T>& packed, std::size_t number)
      : a_(packed),
        q_(packed.q.data() + number * packed.dimension * packed.lanes),
        p_(packed.order > 2 ? packed.dimension * packed.lanes : 0),
        result_(packed.value_columns * packed.lanes, T(0)),
        prefix_result_(packed.order > 2 ? packed.value_columns * packed.lanes : 0, T(0)),
        sum_(packed.lanes, T(0)),
        prefix_sum_(packed.lanes, T(0)),
        shift_(packed.lanes, -std::numeric_limits<T>::max() / 4),
        largest_(packed.lanes) {}

  void enter(const T* key) {
    for (std::size_t l = 0; l < a_.dimension; ++l)
      for (std::size_t i = 0; i < a_.lanes; ++i) p_[l * a_.lanes + i] = q_[l * a_.lanes + i] * key[l];
  }

  void tile(std::size_t first, std::size_t count, T* scores) {
    const auto& k = kernels::attention_kernels<T>();
    k.scores(a_.last_key_rows.data() + first * a_.dimension, count, a_.dimension, p_.empty() ? q_ : p_.data(), scores,
             largest_.data());
    bool above = false;
    for (std::size_t i = 0; i < a_.lanes; ++i) above |= largest_[i] > shift_[i] + kernels::kSlack<T>;
    if (above) rescale();
    k.weights(scores, count, shift_.data(), prefix_sum_.data());
    k.combine(a_.last_value_columns.data() + first * kernels::kPanel, a_.last * kernels::kPanel, a_.value_columns, count, scores,
              (p_.empty() ? result_ : prefix_result_).data());
  }

  void leave(const T* value) {
    for (std::size_t i = 0; i < a_.lanes; ++i) {
      sum_[i] += prefix_sum_[i];
      prefix_sum_[i] = 0;
    }
    if (p_.empty()) return;
    for (std::size_t c = 0; c < a_.value_columns; ++c)
      for (std::size_t i = c * a_.lanes; i < (c + 1) * a_.lanes; ++i) {
        result_[i] += value[c] * prefix_result_[i];
        prefix_result_[i] = 0;
      }
  }

  T output(std::size_t lane, std::size_t c) const { return result_[c * a_.lanes + lane] / sum_[lane]; }
  double sum(std::size_t lane) const { return static_cast<double>(sum_[lane]); }
  double shift(std::size_t lane) const { return static_cast<double>(shift_[lane]); }
  std::size_t rescalings() const { return rescalings_; }

 private:
  void rescale() {
    Aligned<T> factor(a_.lanes);
    for (std::size_t i = 0; i < a_.lanes; ++i) {
      const T shift = std::max(shift_[i], largest_[i]);
      factor[i] = shift_[i] - shift;
      shift_[i] = shift;
    }
    kernels::attention_kernels<T>().exp2(factor.data(), a_.lanes);
    for (Aligned<T>* sums : {&result_, &prefix_result_, &sum_, &prefix_sum_})
      for (std::size_t x = 0; x < sums->size(); ++x) (*sums)[x] *= factor[x % a_.lanes];
    ++rescalings_;
  }

  const Packed<T>& a_;
  const T* q_;
  Aligned<T> p_;
  Aligned<T> result_, prefix_result_;  ///< [value column][lane]; the second is of the current prefix, before its values
  Aligned<T> sum_, prefix_sum_, shift_, largest_;
  std::size_t rescalings_ = 0;
};

/// How many groups share one pass over the last key and value matrix: one if these stay in the second-level cache, else four.
template <class T>
std::size_t groups_together(const Packed<T>& a) {
  constexpr std::size_t kCache = 5 << 18;  // bytes
  return a.last * (a.dimension + a.value_columns) * sizeof(T) <= kCache ? 1 : 4;
}

template <class T>
void run_groups(const Packed<T>& a, std::size_t first, std::size_t last, const RunControl& control,
                std::vector<std::size_t>& rescalings, ExactPass& result) {
  std::vector<Group<T>> groups;
  for (std::size_t g = first; g < last; ++g) groups.emplace_back(a, g);
  Aligned<T> scores(kTile * a.lanes);
  PrefixWalk<T> prefix(a);
  do {
    if (a.order > 2)
      for (Group<T>& group : groups) group.enter(prefix.key());
    for (std::size_t j = 0; j < a.last; j += kTile) {
      control.check();  // not once a prefix: with two matrices there is one prefix, as long as the input
      for (Group<T>& group : groups) group.tile(j, std::min(kTile, a.last - j), scores.data());
    }
    for (Group<T>& group : groups) group.leave(a.order > 2 ? prefix.value() : nullptr);
  } while (prefix.next());
  for (std::size_t i = first * a.lanes; i < std::min(a.queries, last * a.lanes); ++i) {
    const Group<T>& group = groups[i / a.lanes - first];
    for (std::size_t c = 0; c < a.value_columns; ++c) result.out.at(i, c) = static_cast<double>(group.output(i % a.lanes, c));
    result.sum[i] = group.sum(i % a.lanes);
    result.shift[i] = group.shift(i % a.lanes);
    rescalings[i] = group.rescalings();
  }
}

template <class T>
ExactPass pass(const Balanced& b, Arithmetic arithmetic, const RunControl& control) {
  const Packed<T> packed(b.attention);
  std::vector<std::size_t> rescalings(packed.queries);
  ExactPass result{
      Matrix(packed.queries, packed.value_columns), std::vector<double>(packed.queries), std::vector<double>(packed.queries), {}};
  const std::size_t together = groups_together(packed);
  for_row_pieces(0, packed.groups, together, control,
                 [&](std::size_t first, std::size_t last) { run_groups(packed, first, last, control, rescalings, result); });
  result.errors = exact_errors(b, arithmetic, rescalings, control);
  return result;
}

}  // namespace

ExactPass exact_pass(const Balanced& b, Arithmetic arithmetic, const RunControl& control) {
  return arithmetic == Arithmetic::f64 ? pass<double>(b, arithmetic, control) : pass<float>(b, arithmetic, control);
}

ExactAttention in_units(const Balanced& b, ExactPass pass) {
  const ValueBounds values = value_bounds(b.attention);
  ExactAttention result{std::move(pass.out), {}, {}};
  for (std::size_t i = 0; i < result.out.rows; ++i) {
    result.log2_sum.push_back(std::log2(pass.sum[i]) + pass.shift[i]);
    for (std::size_t c = 0; c < result.out.columns; ++c) result.out.at(i, c) = std::ldexp(result.out.at(i, c), b.outputs[c]);
    result.row_error.push_back(value_error(b, values, pass.errors[i].mixing, pass.errors[i].summing));
    const double* row = &result.out.entries[i * result.out.columns];
    if (!std::isfinite(result.row_error.back()) ||
        !std::all_of(row, row + result.out.columns, [](double x) { return std::isfinite(x); }))
      throw LimitReached(
          fmt::format("products of values may reach 2^{}, and no error within the range of f64 can be stated for row {}; "
                      "scale the values down",
                      *std::max_element(b.outputs.begin(), b.outputs.end()), i));
  }
  return result;
}

mpz_class exact_bytes(const Attention& a, bool gradient) {
  mpz_class shared = 0;
  for (const Matrix& m : a.keys) shared += m.entries.size();
  for (const Matrix& m : a.values) shared += m.entries.size();
  const mpz_class all = shared + a.q.entries.size(), outputs = mpz_class(a.q.rows) * (mpz_class(a.values.at(0).columns) + 8);
  return 8 * (3 * all + 2 * outputs + (gradient ? mpz_class(18 * shared + 2 * a.q.entries.size()) : mpz_class(0)));
}

ExactAttention exact_attention(const Attention& a, Arithmetic arithmetic, const RunControl& control) {
  if (a.terms.causal) {
    check_well_formed(a);
    return causal_attention(a, arithmetic, control);
  }
  const Balanced balanced(a);
  return in_units(balanced, exact_pass(balanced, arithmetic, control));
}

}  // namespace gapwright
