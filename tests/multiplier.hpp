// SPDX-License-Identifier: MIT
#pragma once
#include <cstdlib>
#include <string>

/// How many random cases a test tries: `count` times GAPWRIGHT_TEST_MULTIPLIER (default 1; long nights set it high, the
/// sanitizers set it low), at least one.
inline int cases(int count) {
  const char* text = std::getenv("GAPWRIGHT_TEST_MULTIPLIER");
  const double multiplier = text ? std::stod(text) : 1.0;
  const int scaled = static_cast<int>(count * multiplier);
  return scaled > 1 ? scaled : 1;
}
