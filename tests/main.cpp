// SPDX-License-Identifier: MIT
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "verify/ball.hpp"

int main(int argc, char** argv) {
  const int result = doctest::Context(argc, argv).run();
  gapwright::free_ball_caches();  // so that leak checkers report only our own
  return result;
}
