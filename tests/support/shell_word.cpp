// SPDX-License-Identifier: MIT
#include "support/shell_word.hpp"

#include <doctest/doctest.h>

using namespace gapwright;

TEST_CASE("shell_word: names stay as they are, and stand between quotes where a shell would act on them") {
  for (const char* name : {"a.cnf", "-", "uf20-01_x+y=1,2:3@4%5.safetensors"}) CHECK(shell_word(name) == name);
  CHECK(shell_word("a b.cnf") == "'a b.cnf'");
  CHECK(shell_word("$(x);`y`") == "'$(x);`y`'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
  CHECK(file_word("a.cnf") == "a.cnf");
  CHECK(file_word("-k.cnf") == "./-k.cnf");
  CHECK(file_word("-") == "./-");
  CHECK(file_word("-x y") == "'./-x y'");
}
