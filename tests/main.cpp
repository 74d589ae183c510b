// SPDX-License-Identifier: MIT
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

#include "verify/ball.hpp"

namespace {

bool lists_test_cases(int argc, char** argv) {
  return std::any_of(argv, argv + argc, [](std::string_view word) { return word == "--list-test-cases" || word == "-ltc"; });
}

}  // namespace

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  if (lists_test_cases(argc, argv)) context.setOption("no-skip", true);  // ctest shows what only nights run, as skipped
  const int result = context.run();
  gapwright::free_ball_caches();  // so that leak checkers report only our own
  return result;
}
