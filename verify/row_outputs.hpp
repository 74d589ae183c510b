// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "instances/attention.hpp"
#include "verify/ball.hpp"
#include "verify/verdict.hpp"

namespace gapwright {

/// How many tuples of a row have which inner product: main: all values are 1; other: some value is 0. Tuples in the rest have an inner
/// product that was not counted, beyond the counted ones.
struct RowCounts {
  std::vector<std::uint64_t> main, other;
  std::uint64_t main_rest = 0, other_rest = 0;
  auto operator<=>(const RowCounts&) const = default;
};

/// Turns counts of inner products into outputs: a tuple of inner product s weighs e^(sign gamma s), gamma >= 0.
class RowOutputs {
 public:
  RowOutputs(mpq_class gamma, int sign, std::size_t largest_product)
      : gamma_(std::move(gamma)), sign_(sign), largest_(largest_product) {}

  /// Enclosures of the two ends between which out_i[0] lies; they coincide when everything was counted. Unbounded where the rest leaves
  /// an end open.
  struct Output {
    Ball lo, hi;
  };
  Output output(const RowCounts& row, long precision) const;

  /// The row compared with `between` at doubling precision. Undecided at once when what was not counted leaves it open.
  RowVerdict classify(const RowCounts& row, const mpq_class& between, const Precision& precision) const;

 private:
  std::size_t heaviest(const RowCounts& row) const;  ///< the inner product whose weight the sums are divided by
  const Ball& weight(std::size_t away, long precision) const;
  Ball counted_sum(const std::vector<std::uint64_t>& bins, std::size_t reference, long precision) const;

  mpq_class gamma_;
  int sign_;
  std::size_t largest_;
  mutable std::map<std::pair<long, std::size_t>, std::optional<Ball>> weights_;
};

}  // namespace gapwright
