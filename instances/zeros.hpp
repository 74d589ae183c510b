// SPDX-License-Identifier: MIT
#pragma once
#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"
#include "support/run_control.hpp"

// Matrices of zeros. A few gigabytes take seconds to be cleared: the clock is looked at on the way.
namespace gapwright {

Matrix zero_matrix(std::size_t rows, std::size_t columns, const RunControl&);
BitMatrix zero_bits(std::size_t rows, std::size_t columns, const RunControl&);

/// Appends zeros up to `count` entries, calling look() now and then.
template <class Entry, class Look>
void fill_with_zeros(std::vector<Entry>& entries, std::size_t count, const Look& look) {
  constexpr std::size_t kAtOnce = (std::size_t{32} << 20) / sizeof(Entry);
  entries.reserve(count);
  while (entries.size() < count) {
    look();
    entries.resize(count - entries.size() > kAtOnce ? entries.size() + kAtOnce : count);
  }
}

}  // namespace gapwright
