// SPDX-License-Identifier: MIT
#pragma once
#include <optional>

#include "instances/gap_max_ip.hpp"
#include "support/run_control.hpp"
#include "verify/row_log.hpp"

namespace gapwright {

/// The side of a Gap-k-MaxIP instance, decided on inner products alone: exact integers, or for real vectors doubles with a bound
/// of their error, and exact products where that leaves the answer, its row or its witness open.
struct GapVerdict {
  GapSide side = GapSide::no;
  std::optional<std::vector<std::size_t>> witness;  ///< yes: the first tuple of the first YES row that reaches t
  std::size_t row =
      0;  ///< first YES row, else the first row of the largest inner product (real vectors: of one that may be the largest)
  double largest = 0;  ///< the largest inner product of that row; an integer but for real vectors
  double error = 0;    ///< `largest` is this near to the true one; 0 for integers
};

/// A recording takes the complete counts of all rows before a YES row.
GapVerdict decide_gap(const GapMaxIp&, const RunControl& = {}, Recording* recording = nullptr);
GapVerdict decide_gap(const FactoredGapMaxIp&, const RunControl& = {}, Recording* recording = nullptr);
/// Outside the promise also where `rounding` (by default the instance's own) admits a yes and a no.
GapVerdict decide_gap(const RealGapMaxIp&, const mpq_class& rounding, const RunControl& = {});
GapVerdict decide_gap(const RealGapMaxIp&, const RunControl& = {});

}  // namespace gapwright
