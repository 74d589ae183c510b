// SPDX-License-Identifier: MIT
#include <sys/wait.h>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "codes/code_text.hpp"
#include "codes/families.hpp"
#include "tests/programs.hpp"

using namespace gapwright;

namespace {

struct Run {
  int exit_code;
  std::string output;  ///< stdout and stderr together
};

Run run(const std::string& arguments, const std::string& input = "") {
  FILE* pipe = popen(("printf '" + input + "' | " + test::tested_program() + " code " + arguments + " 2>&1").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string output;
  for (char buffer[4096]; const std::size_t n = fread(buffer, 1, sizeof buffer, pipe);) output.append(buffer, n);
  const int status = pclose(pipe);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

}  // namespace

TEST_CASE("code command: what it prints is what the library says") {
  const EvaluationCode code = evaluation_code(garcia_stichtenoth(3, 3), 22);
  CHECK(run("matrix tower -q 3 --level 3 --degree 22 --json").output == matrix_json(code));
  CHECK(run("matrix tower -q 3 --level 3 --degree 22").output == matrix_text(code.generator));
  CHECK(run("show hermitian -q 5 --degree 32").output == summary_text(summary_of(*hermitian(5), 32)));
  CHECK(nlohmann::json::parse(run("list --json").output).size() == code_families().size());
}

TEST_CASE("code command: check prints the three checks with their numbers") {
  const Run check = run("check tower -q 3 --level 4");
  CHECK(check.exit_code == 0);
  CHECK(check.output.find("pole orders      113 of 113 in the semigroup: ok\n") != std::string::npos);
  CHECK(check.output.find("rank             25 of 25, and 112 of 112: ok\n") != std::string::npos);
  CHECK(check.output.find("product closure  325 of 325 products inside: ok\n") != std::string::npos);
}

TEST_CASE("code command: encode reads messages from standard input") {
  const Run words = run("encode reed-solomon -q 5 --degree 1", "1 3\\n0 0\\n");
  CHECK(words.exit_code == 0);
  CHECK(words.output == "1 3 0 2 4\n0 0 0 0 0\n");
}

TEST_CASE("code command: bad input is one line and exit code 2") {
  const std::pair<const char*, const char*> bad[] = {
      {"show hermitian -q 6 --degree 3", "prime powers from 2 to 256"},
      {"show tower -q 3 --level -2 --degree 3", "allowed are 1 to"},
      {"show tower -q 3 --level 99 --degree 3", "allowed are 1 to"},
      {"show hermitian -q 2 --degree 8", "allowed are degrees 0 to 7"},
      {"show hermitian -q 2 --degree -1", "allowed are degrees from 0"},
      {"matrix reed-solomon -q 8 --length 9 --degree 2", "allowed are 1 to 8"},
      {"show goppa -q 2 --degree 4", "allowed are reed-solomon, hermitian"},
  };
  for (const auto& [arguments, message] : bad) {
    CAPTURE(arguments);
    const Run result = run(arguments);
    CHECK(result.exit_code == 2);
    CHECK(result.output.find(message) != std::string::npos);
    CHECK(std::count(result.output.begin(), result.output.end(), '\n') == 1);
  }
  for (const auto& [text, message] :
       {std::pair{"1\\0002 3\\n", "line 1: \"1\\x002\" is not"}, std::pair{"1 2\\n", "a message of this code has 3"}}) {
    const Run bad_file = run(std::string("encode reed-solomon -q 5 --degree 2"), text);
    CHECK(bad_file.exit_code == 6);
    CHECK(bad_file.output.find(message) != std::string::npos);
  }
  const Run missing = run("encode hermitian -q 2 --degree 4 /dev/null/missing");
  CHECK(missing.exit_code == 6);
  CHECK(missing.output.find("cannot be opened") != std::string::npos);
}
