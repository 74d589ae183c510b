// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "instances/attention.hpp"
#include "verify/ball.hpp"

// Attention and its gradients straight from their definitions, in balls of 700 bits: scores are exact, so entries of any size may meet.
namespace gapwright {

struct TrueMatrix {
  std::size_t columns = 0;
  std::vector<Ball> entries;
  TrueMatrix(std::size_t row_count, std::size_t column_count) : columns(column_count), entries(row_count * column_count) {}
  Ball& at(std::size_t r, std::size_t c) { return entries[r * columns + c]; }
};

struct Truth {
  TrueMatrix out, q;
  std::vector<TrueMatrix> keys, values;
};

/// A weight below e^-100000 of its row's largest counts as 0.
Truth truth_of(const Attention&, const Matrix& upstream);

/// A lower bound of |computed - truth| / bound, 0 where the balls leave that open; infinite for a positive difference and bound 0.
double over_bound(double computed, const Ball& truth, double bound);

}  // namespace gapwright
