// SPDX-License-Identifier: MIT
#pragma once
#include <doctest/doctest.h>

#include "tests/multiplier.hpp"

/// TEST_CASE("..." * only_on_long_nights()): a test that takes minutes. It is skipped, and shown as skipped, unless the multiplier
/// is 2 or more.
inline doctest::skip only_on_long_nights() { return doctest::skip(cases(2) < 4); }
