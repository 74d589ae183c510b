// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "support/run_control.hpp"
#include "verify/ball.hpp"
#include "verify/recover_bits.hpp"
#include "verify/row_log.hpp"
#include "verify/row_outputs.hpp"
#include "verify/verdict.hpp"

namespace gapwright {

/// Attention decided on integers: inner products are counted, and only the sum of counts times e^(sign gamma s) is taken in balls.
/// Method verdict counts the tuples of inner product 0 and bounds all others together; rows that this leaves open, inputs with positive
/// sign, and method histogram count every inner product.
enum class CountMethod { verdict, histogram };

/// Decides by the rational halfway between the thresholds of `a.terms` (both must be there: BadInstance). Stops at the first row
/// that reaches yes_at_least.
/// A recording takes the counts of all rows below one cut: when method verdict leaves a row open, all rows are counted completely.
Verdict decide_by_counts(const BitAttention& a, CountMethod method, const RunControl& = {}, const Precision& = {},
                         Recording* recording = nullptr);

/// The tuples that a row sees: all, and those whose values are all 1.
struct TupleTotals {
  mpz_class main, all;
};
TupleTotals tuple_totals(const BitAttention& a);

/// Counts of one row below the cut, which is 1 or the dimension + 1 (everything).
RowCounts count_row(const BitAttention& a, std::size_t row, std::size_t cut, const RunControl& = {});

/// out_i[0] of the rows first_row <= i < last_row from full histograms.
std::vector<Ball> outputs_by_counts(const BitAttention& a, std::size_t first_row, std::size_t last_row, long precision,
                                    const RunControl& = {});

/// All inner products of the rows first_row <= i < last_row. They do not depend on the entry bound: RowOutputs turns them into outputs at any.
std::vector<RowCounts> all_counts(const BitAttention& a, std::size_t first_row, std::size_t last_row, const RunControl& = {});

}  // namespace gapwright
