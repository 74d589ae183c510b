// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <functional>
#include <vector>

#include "instances/gap_max_ip.hpp"

namespace gapwright {

/// Bounds of a row's largest inner product of the stored numbers.
struct RowBounds {
  mpq_class lo, hi;
};
struct RowChoice {
  GapSide side = GapSide::no;
  std::size_t row =
      0;  ///< yes: the first row that reaches t - rounding; else the first whose largest product may be the instance's largest
};
/// The side that the theorem in real_gap.cpp gives, for at least one row. exact(row) is asked where bounds leave it open, and stored in them.
RowChoice choose_row(const Gap& gap, const mpq_class& rounding, std::vector<RowBounds>& rows,
                     const std::function<mpq_class(std::size_t)>& exact);

}  // namespace gapwright
