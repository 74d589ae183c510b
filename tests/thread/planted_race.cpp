// SPDX-License-Identifier: MIT
// A race of ours inside oneTBB's threads: the thread sanitizer must report it in spite of the suppressions (./dev threads).
#include <cstdio>

#include "support/parallel_rows.hpp"

int main() {
  long sum = 0;
  gapwright::RunControl control;
  control.threads = 4;
  for (int round = 0; round < 50; ++round)
    gapwright::for_row_pieces(0, 10'000, 10, control, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) sum += static_cast<long>(i);  // not atomic: that is the point
    });
  std::printf("%ld\n", sum);
}
