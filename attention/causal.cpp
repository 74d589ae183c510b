// SPDX-License-Identifier: MIT
// A row under the mask is a row of an input without one, whose matrices are the keys and values that the row sees. So every block of rows
// that see the same keys goes through the unmasked computation, with its error bound: single rows, and one block of all rows that see every
// key (row i with i + 1 >= n_u for all u). A row always sees key 0 of each matrix: no row is empty.
//
// Gradient: the loss depends on a key through the rows that see it, so dk and dv are the sums over blocks, added in an order that the number
// of threads does not change. Error: those of the blocks, added, and that of adding m numbers in doubles, at most (m - 1) 2^-53 / (1 - (m - 1) 2^-53) times the
// sum of their absolute values; additions do not underflow. Example: row 0 sees one tuple: out_0 = v_{0...0} whatever the scores are, and dq_0 = 0.
#include "attention/causal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "attention/gradient_error.hpp"
#include "support/errors.hpp"
#include "support/parallel_rows.hpp"
#include "support/rounding.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kCausalParts = 16;

/// Ends of the blocks of rows.
std::vector<std::size_t> block_ends(const Attention& a) {
  std::size_t most = 0;
  for (const Matrix& keys : a.keys) most = std::max(most, keys.rows);
  std::vector<std::size_t> ends;
  for (std::size_t row = 0; row < a.q.rows; ++row)
    if (row + 1 < most || row + 1 == a.q.rows) ends.push_back(row + 1);
  return ends;
}

void place_rows(const Matrix& block, std::size_t first, Matrix& all) {
  std::copy(block.entries.begin(), block.entries.end(), all.entries.begin() + static_cast<std::ptrdiff_t>(first * all.columns));
}

void place(const ExactAttention& block, std::size_t first, ExactAttention& all) {
  place_rows(block.out, first, all.out);
  const auto at = static_cast<std::ptrdiff_t>(first);
  std::copy(block.row_error.begin(), block.row_error.end(), all.row_error.begin() + at);
  std::copy(block.log2_sum.begin(), block.log2_sum.end(), all.log2_sum.begin() + at);
}

/// The block's matrices are the first rows.
void add(const std::vector<Matrix>& block, std::vector<Matrix>& all) {
  for (std::size_t u = 0; u < all.size(); ++u)
    for (std::size_t x = 0; x < block[u].entries.size(); ++x) all[u].entries[x] += block[u].entries[x];
}

double largest_entry(const Matrix& m) {
  double largest = 0;
  for (const double x : m.entries) largest = std::max(largest, std::abs(x));
  return largest;
}

/// Errors and largest entries of the blocks, added: of dk_1, ..., dk_{k-1}, dv_1, ..., dv_{k-1}.
struct Added {
  std::vector<double> errors, entries;
};

void add(const std::vector<double>& errors, const std::vector<Matrix>& tensors, std::size_t first, Added& to) {
  for (std::size_t u = 0; u < tensors.size(); ++u) {
    to.errors[first + u] += errors[u];
    to.entries[first + u] += largest_entry(tensors[u]);
  }
}

/// Of sums of `blocks` blocks, from what their parts have.
GradientError error_of_sums(const std::vector<Added>& parts, std::size_t matrices, std::size_t blocks, double query_error) {
  const double n = static_cast<double>(blocks + kCausalParts), rounding = n * 0x1.001p-53;
  const auto of_tensor = [&](std::size_t tensor) {
    double error = 0, entries = 0;
    for (const Added& part : parts) {
      error += part.errors[tensor];
      entries += part.entries[tensor];
    }
    return (error + rounding * entries) * upward(n + 3);
  };
  GradientError result{query_error, {}, {}};
  for (std::size_t u = 0; u < matrices; ++u) {
    result.keys.push_back(of_tensor(u));
    result.values.push_back(of_tensor(matrices + u));
  }
  return result;
}

std::vector<Matrix> zeros_like(const std::vector<Matrix>& matrices) {
  std::vector<Matrix> zeros;
  zeros.reserve(matrices.size());
  for (const Matrix& m : matrices) zeros.emplace_back(m.rows, m.columns);
  return zeros;
}

ExactAttention empty_result(const Attention& a) {
  return {Matrix(a.q.rows, a.values[0].columns), std::vector<double>(a.q.rows), std::vector<double>(a.q.rows)};
}

}  // namespace

ExactAttention causal_attention(const Attention& a, Arithmetic arithmetic, const RunControl& control) {
  ExactAttention all = empty_result(a);
  const std::vector<std::size_t> ends = block_ends(a);
  for_row_pieces(0, ends.size(), 1, control, [&](std::size_t block, std::size_t) {
    const std::size_t first = block == 0 ? 0 : ends[block - 1];
    const bool alone = ends.size() == 1;  // all rows see all keys
    place(exact_attention(seen_by(a, first, ends[block]), arithmetic, {alone ? control.threads : 1, control.stop, {}}), first,
          all);
  });
  return all;
}

ExactGradient causal_gradient(const Attention& a, const Matrix& upstream, Arithmetic arithmetic, const RunControl& control) {
  ExactGradient all{empty_result(a), {Matrix(a.q.rows, a.q.columns), zeros_like(a.keys), zeros_like(a.values)}, {}};
  const std::vector<std::size_t> ends = block_ends(a);
  const std::size_t parts = std::min(kCausalParts, ends.size());
  std::vector<AttentionGradient> sums(parts, {Matrix(), zeros_like(a.keys), zeros_like(a.values)});
  const std::size_t matrices = a.keys.size();
  const std::vector<double> zeros(2 * matrices);
  std::vector<Added> added(parts, Added{zeros, zeros});
  std::vector<double> query_error(parts);
  for_row_pieces(0, parts, 1, control, [&](std::size_t part, std::size_t) {
    for (std::size_t block = part * ends.size() / parts; block < (part + 1) * ends.size() / parts; ++block) {
      const std::size_t first = block == 0 ? 0 : ends[block - 1];
      const ExactGradient one = exact_gradient(seen_by(a, first, ends[block]), rows_of(upstream, first, ends[block]), arithmetic,
                                               {parts == 1 ? control.threads : 1, control.stop, {}});
      place(one.forward, first, all.forward);
      place_rows(one.gradient.q, first, all.gradient.q);
      add(one.gradient.keys, sums[part].keys);
      add(one.gradient.values, sums[part].values);
      add(one.error.keys, one.gradient.keys, 0, added[part]);
      add(one.error.values, one.gradient.values, matrices, added[part]);
      query_error[part] = std::max(query_error[part], one.error.q);
    }
  });
  for (const AttentionGradient& part : sums) {
    add(part.keys, all.gradient.keys);
    add(part.values, all.gradient.values);
  }
  const double most_query_error =
      std::accumulate(query_error.begin(), query_error.end(), 0.0, [](double x, double y) { return std::max(x, y); });
  all.error = error_of_sums(added, matrices, ends.size(), most_query_error);
  check_finite(all.gradient, all.error);
  return all;
}

void refuse_causal(const Attention& a, bool gradient) {
  if (a.terms.causal)
    throw LimitReached(
        std::string(
            "`method=polynomial` does not compute a causal mask, under which the input is meant (metadata 'causal'); use ") +
        (gradient ? "`method=exact`" : "`method=exact|certified`"));
}

}  // namespace gapwright
