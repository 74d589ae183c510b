// SPDX-License-Identifier: MIT
#include "attention/narrowed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/errors.hpp"

namespace gapwright {
namespace {

double rounded_to_f32(double x, const std::string& name) {
  const double narrow = static_cast<float>(x);
  if (!std::isfinite(narrow))
    throw LimitReached(fmt::format("{} has an entry {:.6g}, which overflows f32; use `dtype=f64`", name, x));
  return narrow;
}

}  // namespace

std::vector<double> round_to_f32(Matrix& m, const std::string& name) {
  std::vector<double> moved(m.rows);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) {
      const double narrow = rounded_to_f32(m.at(r, c), name);
      moved[r] = std::max(moved[r], std::abs(m.at(r, c) - narrow));
      m.at(r, c) = narrow;
    }
  return moved;
}

double bound_of_moved(double bound, double moved) {
  return moved > 0 ? std::nextafter(bound + moved, std::numeric_limits<double>::infinity()) : bound;
}

}  // namespace gapwright
