// SPDX-License-Identifier: MIT
#include "atlas/advice.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace gapwright;

TEST_CASE("advice: every word is read and said again, a number is one of a message") {
  for (const char* word : {"honest", "best", "all", "sample:0", "sample:3", "sample:999999", "0", "18446744073709551616"})
    CHECK(advice_text(advice_named(word)) == word);
  CHECK(advice_text(advice_named("sample")) == "sample:16");
  CHECK(advice_text(advice_named("007")) == "7");
  CHECK(advice_named("sample:3").kind == AdviceKind::sample);
  CHECK(advice_named("5").kind == AdviceKind::message);
}

TEST_CASE("advice: other words are refused with the words there are and the nearest one, by the name of their field") {
  CHECK_THROWS_WITH_AS(advice_named("onest"),
                       "`advice` 'onest': give honest, best, all, sample:N or the index of a message; did you mean 'honest'?",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(advice_named("-1", "message"), doctest::Contains("`message` '-1': give honest"), std::invalid_argument);
  for (const char* word : {"", "Honest", "1.5", "0x1", "samples:2", " all"})
    CHECK_THROWS_WITH_AS(advice_named(word), doctest::Contains("give honest"), std::invalid_argument);
  for (const char* word : {"sample:", "sample:x", "sample:-1", "sample:1000000"})
    CHECK_THROWS_WITH_AS(advice_named(word), doctest::Contains("`advice=sample:N` needs a number"), std::invalid_argument);
}
