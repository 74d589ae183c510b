// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <sstream>

#include "tests/cli/program.hpp"

using namespace gapwright;
using test::Finished;

namespace {

/// Runs the program with arguments separated by blanks.
Finished command(const std::string& arguments, const std::string& input = "") {
  std::istringstream words(arguments);
  return test::run({std::istream_iterator<std::string>(words), {}}, {input, "", 0});
}

}  // namespace

TEST_CASE("solve: uf20-01 by each code route with honest advice is a certified YES with a model") {
  for (const std::string route : {"reed-solomon", "hermitian --field 25", "tower --field 25"}) {
    CAPTURE(route);
    const Finished run = command("solve " + test::data_file("yes/uf20-01.cnf") + " --json --route " + route);
    REQUIRE(run.code == 0);
    const auto json = run.json();
    CHECK(json["answer"] == "SATISFIABLE");
    CHECK(json["decision"]["verdict"] == "yes");
    CHECK(json["assignment"].size() == 20);
    CHECK(json["protocol"]["no_at_most"].get<int>() < json["protocol"]["yes_at_least"].get<int>());
  }
}

TEST_CASE(
    "solve: sampled and best-reply advice on unsatisfiable formulas is NO on every row and proves nothing, all advice proves") {
  for (const std::string file : {"php-4-3", "parity-5", "vdw-9-3-3"})
    for (const std::string route : {"reed-solomon", "hermitian --field 25", "tower --field 25"}) {
      CAPTURE(file);
      const Finished run =
          command("solve " + test::data_file("no/" + file + ".cnf") + " --json --advice sample:2 --route " + route);
      REQUIRE(run.code == 4);
      const auto json = run.json();
      CHECK(json["answer"] == "UNKNOWN");
      CHECK(json["advice"]["no"] == 3);
      CHECK(json["decision"]["verdict"] == "no");
    }
  const std::string all_signs = "p cnf 3 8\n1 2 3 0 -1 2 3 0 1 -2 3 0 1 2 -3 0 -1 -2 3 0 -1 2 -3 0 1 -2 -3 0 -1 -2 -3 0\n";
  const std::string complete = "solve - --format sat -k 2 --route reed-solomon --field 5 --blocks 4 --advice ";
  CHECK(command(complete + "all", all_signs).out == "s UNSATISFIABLE\n");
  CHECK(command(complete + "0", all_signs).out == "s UNKNOWN\n");
  CHECK(command(complete + "5", all_signs).code == 2);
}

TEST_CASE("solve: what the code routes refuse is refused in one line") {
  const std::string solve = "solve " + test::data_file("yes/uf20-01.cnf") + " ";
  const std::pair<std::string, int> refused[] = {{"--route hermitian --advice all", 5},
                                                 {"--route hermitian --field 25 --blocks 5", 2},
                                                 {"--route reed-solomon --field 23 --block-length 3 --blocks 2", 2},
                                                 {"--route tower --advice perhaps", 2},
                                                 {"--route hermitian --count", 2},
                                                 {"--advice all", 2},
                                                 {"--route goppa", 2},
                                                 {"--route hermitian --max-tuples 10", 5}};
  for (const auto& [options, code] : refused) {
    CAPTURE(options);
    const Finished run = command(solve + options);
    CHECK(run.code == code);
    CHECK(run.error_lines() == 1);
    CHECK(run.out.empty());
  }
}
