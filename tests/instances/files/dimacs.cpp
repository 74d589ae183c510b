// SPDX-License-Identifier: MIT
#include "instances/files/dimacs.hpp"

#include <doctest/doctest.h>

#include "instances/generators/random_ksat.hpp"
#include "support/errors.hpp"
#include "support/fields_in_message.hpp"
#include "support/sha256.hpp"
#include "support/version.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;
using test::message_of;

namespace {

Dimacs read(const std::string& text, bool strict = false) { return read_dimacs(InputBytes::from(text, "f.cnf"), strict); }

std::string error(const std::string& text, bool strict = false) {
  return with_options(message_of<BadInstance>([&] { read(text, strict); }));
}

}  // namespace

TEST_CASE("dimacs: every accepted oddity") {
  using Clauses = std::vector<Cnf::Clause>;
  struct Case {
    const char* what;
    std::string text;
    std::size_t variables;
    Clauses clauses;
  };
  const Case table[] = {
      {"no variables, no clauses", "p cnf 0 0\n", 0, {}},
      {"no clauses", "p cnf 7 0\n", 7, {}},
      {"empty clause", "p cnf 2 1\n0\n", 2, {{}}},
      {"empty clause without variables", "p cnf 0 1\n0\n", 0, {{}}},
      {"missing last newline", "p cnf 2 1\n1 -2 0", 2, {{1, -2}}},
      {"header without newline", "p cnf 3 0", 3, {}},
      {"CRLF", "c a\r\np cnf 2 2\r\n1 0\r\n-2 0\r\n", 2, {{1}, {-2}}},
      {"tabs and many blanks", " \tp\t cnf  2\t1 \t\n \t1\t\t-2  0 \t", 2, {{1, -2}}},
      {"blank lines", "\n\np cnf 2 1\n\n1\n\n\n2 0\n\n", 2, {{1, 2}}},
      {"clauses over lines, several a line", "p cnf 3 3\n1 2\n3 0 -1\n0 -2 -3 0", 3, {{1, 2, 3}, {-1}, {-2, -3}}},
      {"comments anywhere, even inside a clause", "c\ncnf\np cnf 2 1\nc x\n1\nc 2 0\n2 0\nc", 2, {{1, 2}}},
      {"SATLIB ending", "p cnf 2 1\n1 2 0\n%\n0\n\n", 2, {{1, 2}}},
      {"SATLIB ending with blanks before", "p cnf 2 1\n1 2 0\n  %\n0\n", 2, {{1, 2}}},
      {"anything after %", "p cnf 1 1\n1 0\n% \xff\np dnf x\n", 1, {{1}}},
      {"tautology and repetition kept", "p cnf 2 2\n1 -1 0\n2 2 0\n", 2, {{1, -1}, {2, 2}}},
      {"leading zeros", "p cnf 02 01\n01 -02 00\n", 2, {{1, -2}}},
      {"largest numbers", "p cnf 2147483647 1\n-2147483647 2147483647 0\n", 2147483647, {{-2147483647, 2147483647}}},
  };
  for (const Case& c : table) {
    CAPTURE(c.what);
    const Dimacs dimacs = read(c.text, true);
    CHECK(dimacs.cnf.variables == c.variables);
    CHECK(dimacs.cnf.clauses == c.clauses);
    CHECK(dimacs.warnings.empty());
    CHECK_NOTHROW(check_well_formed(dimacs.cnf));
    REQUIRE(dimacs.cnf.made_by.sources.size() == 1);
    CHECK(dimacs.cnf.made_by.sources[0] == Provenance::Source{"f.cnf", sha256_hex(c.text)});
  }
}

TEST_CASE("dimacs: tautologies and repeated literals are counted by clause") {
  const Dimacs dimacs = read("p cnf 3 5\n1 -1 2 -2 0\n3 3 3 0\n1 1 -1 0\n1 2 3 0\n0\n");
  CHECK(dimacs.tautologies == 2);
  CHECK(dimacs.repeated_literals == 2);
}

TEST_CASE("dimacs: a wrong clause count warns, and is an error with strict") {
  const std::string few = "c\np cnf 2 1\n1 0\n2 0\n", many = "p cnf 2 9223372036854775807\n1 0\n";
  CHECK(read(few).cnf.clauses.size() == 2);
  CHECK(read(few).warnings ==
        std::vector<std::string>{"f.cnf:2:1: the header says 1 clause, the file has 2; the file's clauses are used"});
  CHECK(error(few, true) == "f.cnf:2:1: the header says 1 clause, the file has 2; mend the header or drop --strict");
  CHECK(read(many).warnings.size() == 1);
  CHECK(error(many, true) ==
        "f.cnf:1:1: the header says 9223372036854775807 clauses, the file has 1; mend the header or drop --strict");
}

TEST_CASE("dimacs: every file of data/bad has its message") {
  for (const auto& path : test::data_files("bad", ".cnf")) {
    CAPTURE(path.filename().string());
    std::string expected = test::read_text(std::filesystem::path(path).replace_extension(".message"));
    CHECK(error(test::read_text(path)) + "\n" == "f.cnf" + expected);
  }
}

TEST_CASE("dimacs: bytes that are no white space for DIMACS are refused, not skipped") {
  for (const char c : {'\0', '\v', '\f', '\x7f', '\xa0', '\xff'}) {
    CAPTURE(static_cast<int>(c));
    const std::string byte(1, c);
    CHECK(error("p cnf 2 1\n1 " + byte + " 2 0\n").starts_with("f.cnf:2:3: "));
    CHECK(error("p cnf 2" + byte + "1\n").starts_with("f.cnf:1:"));
  }
}

TEST_CASE("dimacs: a file cut at any byte is read or refused with a place") {
  const std::string whole = "c example\r\np cnf 12 3\n1 -12 0\n-3 4\n 5 0\n%\n0\n";
  const std::size_t accepted_from = whole.find("-3 4");
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    CAPTURE(length);
    std::string message = message_of<BadInstance>([&] {
      const Dimacs dimacs = read(whole.substr(0, length));
      CHECK_NOTHROW(check_well_formed(dimacs.cnf));
      CHECK(dimacs.cnf.clauses.size() + dimacs.warnings.size() <= 3);
    });
    if (message != "nothing was thrown") CHECK(message.starts_with("f.cnf:"));
    if (length + 1 >= whole.size()) CHECK(message == "nothing was thrown");
    if (length == accepted_from + 4)
      CHECK(message == "f.cnf:4:5: the clause that starts on line 4 is not ended by 0; is the file cut short?");
  }
}

TEST_CASE("dimacs: bytes changed at random never do worse than an error") {
  const std::string whole = "p cnf 3 2\n1 -2 0\nc x\n3 0\n";
  for (std::size_t place = 0; place < whole.size(); ++place)
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = whole;
      text[place] = static_cast<char>(byte);
      const std::string message = message_of<BadInstance>([&] { check_well_formed(read(text).cnf); });
      CHECK((message == "nothing was thrown" || message.starts_with("f.cnf:")));
      CHECK(message.find('\n') == std::string::npos);
    }
}

TEST_CASE("dimacs: what is written is read back") {
  for (int i = 0; i < cases(50); ++i) {
    const auto seed = static_cast<std::uint64_t>(i);
    Cnf cnf = random_ksat(5 + seed % 40, seed % 13, seed % 5, false, seed).cnf;
    cnf.made_by = {"gen random-ksat", seed, {{"a.cnf", std::string(64, 'a')}}};
    const Dimacs back = read(dimacs_text(cnf), true);
    CHECK(back.cnf.variables == cnf.variables);
    CHECK(back.cnf.clauses == cnf.clauses);
  }
}

TEST_CASE("dimacs: the written text, and names that would break a comment line") {
  Cnf cnf;
  cnf.variables = 3;
  cnf.clauses = {{1, -3}, {}, {2}};
  CHECK(dimacs_text(cnf) == "p cnf 3 3\n1 -3 0\n0\n2 0\n");
  cnf.made_by = {"gen x", 0, {{"two\nlines", "ab"}}};
  const std::string text = dimacs_text(cnf);
  CHECK(text.starts_with("c gapwright " + version() + ": gen x\nc seed: 0\nc source: two"));
  CHECK(read(text, true).cnf.clauses == cnf.clauses);
}
