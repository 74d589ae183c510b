// SPDX-License-Identifier: MIT
#include <filesystem>

#include "tests/cli/program.hpp"

using namespace gapwright::test;

namespace {

Finished check(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
  return run_in(folder.path(), arguments, {}, tested_checker());
}

}  // namespace

TEST_CASE("decide writes a certificate that gapwright-check accepts, with the lifted assignment when the formula is given") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/uf20-01.cnf");
  REQUIRE(run_in(folder.path(), {"reduce", formula, "--to", "attention", "--square", "-o", "a", "--quiet"}).code == 0);
  REQUIRE(run_in(folder.path(), {"decide", "a", "--certificate", "c", "--formula", formula}).code == 0);
  CHECK(folder.entries() == 2);
  const Finished accepted = check(folder, {"c", "a", formula});
  CHECK(accepted.code == 0);
  CHECK(accepted.out.starts_with("accepted: attention of order 3, verdict yes"));
  CHECK(check(folder, {"c", "a"}).code == 6);
  CHECK(check(folder, {"c", "a", data_file("yes/uf20-02.cnf")}).code == 3);
  CHECK(check(folder, {"c", formula, "a"}).out.starts_with("rejected: inputs"));
  CHECK(check(folder, {"a", "c"}).code == 6);
  CHECK(check(folder, {"c", "missing"}).code == 6);
  CHECK(check(folder, {"c"}).code == 2);
  CHECK(check(folder, {"--sample", "x", "c", "a"}).code == 2);
  const std::string help = check(folder, {"--help"}).out;
  CHECK(help.find("Examples:") != std::string::npos);
  CHECK(help.find("\n  -h, --help ") != std::string::npos);
  CHECK(check(folder, {"-h"}).out == help);
  check_fails(run_in(folder.path(), {"decide", "a", "--certificate", "d", "--formula", data_file("no/php-4-3.cnf")}), 6,
              "was not made from this formula");
  check_fails(run_in(folder.path(), {"decide", "a", "--certificate", "-"}), 2, "name a file");
  check_fails(run_in(folder.path(), {"decide", "a", "--formula", formula}), 2, "goes with --certificate");
  check_fails(run_in(folder.path(), {"decide", "a", "--certificate", "d", "--method", "balls"}), 2, "leave it out");
  check_fails(run_in(folder.path(), {"decide", "a", "--certificate", "/dev/full"}), 1, "writing failed");
  check_fails(run_in(folder.path(), {"decide", data_file("no/php-4-3.cnf"), "--certificate", "d"}), 2, "solve --proof");
  CHECK(folder.entries() == 2);
}

TEST_CASE("a formula that the witness satisfies by luck is refused where the checker would reject it") {
  const TemporaryFolder folder;
  write_text(folder.file("four"), "p cnf 4 1\n1 0\n");
  write_text(folder.file("six"), "p cnf 6 1\n1 0\n");
  write_text(folder.file("five"), "p cnf 5 1\n1 0\n");
  const std::vector<std::vector<std::string>> targets = {
      {"--to", "orthogonal-vectors"}, {"--to", "attention"}, {"--to", "attention", "--square"}, {"--to", "gap-max-ip"}};
  for (const std::string made : {"four", "five"})
    for (const auto& to : targets) {
      CAPTURE(made);
      CAPTURE(to[1]);
      std::vector<std::string> reduce = {"reduce", made, "-k", "2", "-o", "a", "--quiet"};
      reduce.insert(reduce.end(), to.begin(), to.end());
      REQUIRE(run_in(folder.path(), reduce).code == 0);
      REQUIRE(run_in(folder.path(), {"decide", "a", "--certificate", "c", "--formula", made}).code == 0);
      CHECK(check(folder, {"c", "a", made}).code == 0);
      for (const std::string other : {"four", "five", "six"})
        if (other != made)
          check_fails(run_in(folder.path(), {"decide", "a", "--certificate", "d", "--formula", other}), 6,
                      "was not made from this formula");
      CHECK_FALSE(std::filesystem::exists(folder.file("d")));
    }
}

TEST_CASE("a checkpoint of other work is refused, and nothing is lost") {
  const TemporaryFolder folder;
  REQUIRE(
      run_in(folder.path(), {"reduce", data_file("no/php-4-3.cnf"), "-k", "2", "--to", "attention", "-o", "a", "--quiet"}).code ==
      0);
  write_text(folder.file("c.checkpoint"), "{\"format\":\"gapwright-checkpoint-1\"}");
  check_fails(run_in(folder.path(), {"decide", "a", "--certificate", "c"}), 6, "delete it");
  CHECK(read_text(folder.file("c.checkpoint")).size() == 35);
  REQUIRE(run_in(folder.path(), {"decide", "a", "--certificate", "c", "--checkpoint", "k", "--checkpoint-every", "0"}).code == 0);
  CHECK(folder.entries() == 3);  // k is gone
}

TEST_CASE("CaDiCaL's proofs of the unsatisfiable formulas are accepted, and not when a line is missing or of another formula") {
  const TemporaryFolder folder;
  int proofs = 0, damaged = 0;
  for (const auto& path : data_files("no", ".cnf")) {
    CAPTURE(path);
    const Finished solved = run_in(folder.path(), {"solve", path.string(), "-k", "4", "--proof", "p", "--quiet"});
    if (solved.code == 5) continue;  // too large for the direct route
    REQUIRE(solved.code == 0);
    CHECK(check(folder, {"--proof", "p", path.string()}).code == 0);
    ++proofs;
    const std::string proof = read_text(folder.file("p"));
    if (std::count(proof.begin(), proof.end(), '\n') < 4) continue;
    write_text(folder.file("p"), proof.substr(0, proof.find('\n', proof.size() / 8) + 1));
    damaged += check(folder, {"--proof", "p", path.string()}).code == 3;
    write_text(folder.file("p"), proof);
    CHECK(check(folder, {"--proof", "p", data_file("yes/uf20-01.cnf")}).code != 0);
  }
  CHECK(proofs >= 6);
  CHECK(damaged > 0);
  CHECK(run_in(folder.path(), {"solve", data_file("yes/uf20-01.cnf"), "--proof", "q"}).err.find("no proof") != std::string::npos);
  CHECK(folder.entries() == 1);
}
