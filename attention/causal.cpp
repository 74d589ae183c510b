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

#include "attention/gradient_error.hpp"
#include "instances/errors.hpp"
#include "instances/parallel_rows.hpp"
#include "instances/rounding.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kParts = 16;

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

/// What is known of the sums over blocks: their errors, and the largest absolute entries.
struct Added {
  GradientError error, entries;
  explicit Added(std::size_t matrices) : error{0, std::vector<double>(matrices), std::vector<double>(matrices)}, entries(error) {}
  void take(const ExactGradient& block) {
    error.q = std::max(error.q, block.error.q);
    for (std::size_t u = 0; u < error.keys.size(); ++u) {
      error.keys[u] += block.error.keys[u];
      error.values[u] += block.error.values[u];
      entries.keys[u] += largest_entry(block.gradient.keys[u]);
      entries.values[u] += largest_entry(block.gradient.values[u]);
    }
  }
  void take(const Added& other) {
    error.q = std::max(error.q, other.error.q);
    for (std::size_t u = 0; u < error.keys.size(); ++u) {
      error.keys[u] += other.error.keys[u];
      error.values[u] += other.error.values[u];
      entries.keys[u] += other.entries.keys[u];
      entries.values[u] += other.entries.values[u];
    }
  }
  /// Of sums of `count` blocks.
  GradientError of_sums(std::size_t count) const {
    const double n = static_cast<double>(count + kParts), rounding = n * 0x1.001p-53;
    GradientError result = error;
    for (std::size_t u = 0; u < error.keys.size(); ++u) {
      result.keys[u] = (error.keys[u] + rounding * entries.keys[u]) * upward(n + 3);
      result.values[u] = (error.values[u] + rounding * entries.values[u]) * upward(n + 3);
    }
    return result;
  }
};

std::vector<Matrix> zeros_like(const std::vector<Matrix>& matrices) {
  std::vector<Matrix> zeros;
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
    place(exact_attention(seen_by(a, first, ends[block]), arithmetic, {alone ? control.threads : 1, control.stop, {}}), first, all);
  });
  return all;
}

ExactGradient causal_gradient(const Attention& a, const Matrix& upstream, Arithmetic arithmetic, const RunControl& control) {
  ExactGradient all{empty_result(a), {Matrix(a.q.rows, a.q.columns), zeros_like(a.keys), zeros_like(a.values)}, {}};
  const std::vector<std::size_t> ends = block_ends(a);
  const std::size_t parts = std::min(kParts, ends.size());
  std::vector<AttentionGradient> sums(parts, {Matrix(), zeros_like(a.keys), zeros_like(a.values)});
  std::vector<Added> added(parts, Added(a.keys.size()));
  for_row_pieces(0, parts, 1, control, [&](std::size_t part, std::size_t) {
    for (std::size_t block = part * ends.size() / parts; block < (part + 1) * ends.size() / parts; ++block) {
      const std::size_t first = block == 0 ? 0 : ends[block - 1];
      const ExactGradient one = exact_gradient(seen_by(a, first, ends[block]), rows_of(upstream, first, ends[block]), arithmetic,
                                               {parts == 1 ? control.threads : 1, control.stop, {}});
      place(one.forward, first, all.forward);
      place_rows(one.gradient.q, first, all.gradient.q);
      add(one.gradient.keys, sums[part].keys);
      add(one.gradient.values, sums[part].values);
      added[part].take(one);
    }
  });
  for (const AttentionGradient& part : sums) {
    add(part.keys, all.gradient.keys);
    add(part.values, all.gradient.values);
  }
  Added total(a.keys.size());
  for (const Added& part : added) total.take(part);
  all.error = total.of_sums(ends.size());
  check_finite(all.gradient, all.error);
  return all;
}

void refuse_causal(const Attention& a) {
  if (a.terms.causal)
    throw LimitReached("the input is meant under a causal mask (metadata 'causal'), which the polynomial method does not compute; use exact or certified");
}

}  // namespace gapwright
