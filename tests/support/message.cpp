// SPDX-License-Identifier: MIT
#include "support/message.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace gapwright;

TEST_CASE("messages: control characters and bytes that are no text are written out") {
  CHECK(shown_message("a\nb\tc\x1b[31m\x7f") == "a\\nb\\x09c\\x1b[31m\\x7f");
  CHECK(shown_message("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80") == "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80");
  CHECK(shown_message("\xc2\x9b"
                      "31m") ==
        "\\xc2\\x9b"
        "31m");  // U+009B opens a terminal's sequences
  CHECK(shown_message("\x9b\xff\xc3") == "\\x9b\\xff\\xc3");
  CHECK(shown_message("\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80") == "\\xc0\\xaf\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80");
  CHECK(shown_message(std::string("\0", 1)) == "\\x00");
}

TEST_CASE("messages: whole texts without control characters") {
  CHECK(without_controls("a\nb\xc2\x9b\xff") == "a\\nb\\xc2\\x9b\\xff");
  CHECK(without_controls(std::string(100'000, 'x')).size() == 100'000);
}

TEST_CASE("messages: a long one loses its middle and keeps place and remedy") {
  const std::string text = "file.cnf:3:1: " + std::string(1'000'000, 'x') + "; write an integer";
  const std::string shown = shown_message(text);
  CHECK(shown.size() <= 470);
  CHECK(shown.starts_with("file.cnf:3:1: xxx"));
  CHECK(shown.ends_with("xxx; write an integer"));
  CHECK(shown_message(std::string(470, 'x')).size() == 470);
  for (std::size_t n = 0; n < 12; ++n)  // cuts fall between characters
    for (const char* piece : {"\xe2\x82\xac", "\x9b", "\n", "\xf0\x9f\x98\x80"}) {
      std::string long_text(n, 'a');
      for (int i = 0; i < 2000; ++i) long_text += piece;
      const std::string cut = shown_message(long_text);
      CHECK(cut.size() <= 470);
      CHECK(shown_message(cut) == cut);
    }
}

TEST_CASE("messages: one is not many") {
  CHECK(counted(1, "clause") == "1 clause");
  CHECK(counted(0, "clause") == "0 clauses");
  CHECK(counted(21, "index", "indices") == "21 indices");
  CHECK(counted(1, "index", "indices") == "1 index");
  CHECK(counted("1.05e+06", "tuple") == "1.05e+06 tuples");
  CHECK(all_counted("1", "clause") == "the one clause");
  CHECK(all_counted("91", "clause") == "all 91 clauses");
}
