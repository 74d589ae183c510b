// SPDX-License-Identifier: MIT
// The program says options where the library names fields: in errors, in results and in what it tells as data. What a user wrote stays.
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

namespace {

std::string error_of(const std::vector<std::string>& arguments) { return run(arguments).err; }

}  // namespace

TEST_CASE("fields: errors of the program name options") {
  CHECK(error_of({"gen", "random-ksat", "--variables", "2", "--clauses", "1", "--width", "0", "--plant"}) ==
        "gapwright: error: --width 0 with --plant: an empty clause has no satisfying assignment; use --width 1 or more\n");
  CHECK(error_of({"gen", "orthogonal-vectors", "--vectors", "3", "--dimension", "9", "--density", "2/3", "--plant"}) ==
        "gapwright: error: --density above 1/2: a camouflaged tuple needs at most 1/2; lower it, or take --plant=plain\n");
  CHECK(error_of({"challenge"}) == "gapwright: error: there is no algorithm to challenge; give --exec or --library\n");
  CHECK(error_of({"challenge", "--exec", "cp {in} {out}", "-k", "13", "--rows", "16"})  // after a warning
            .ends_with("\ngapwright: error: -k 13: a challenge has order 2 to 12\n"));
  CHECK(error_of({"explore", "regime", "--rows", ""}).find('`') == std::string::npos);
  CHECK(error_of({"explore", "orders", "--variables", "2"}) == "gapwright: error: --variables takes 4 to 512, not 2\n");
}

TEST_CASE("fields: results and lists of the program name options") {
  CHECK(run({"code", "list"}).out.find("options -q, --level\n") != std::string::npos);
  CHECK(run({"code", "list", "--json"}).json()[2]["options"] == "-q, --level");
  const Finished sweep = run({"explore", "regime", "--orders", "2", "--rows", "8", "--of-deciding", "1", "--max-features", "3"});
  CHECK(sweep.out.find("or use --method exact\"") != std::string::npos);
  const auto mutants = run({"fuzz", "orthogonal_vectors_to_attention", "--mutants", "--cases", "1", "--json"}).json();
  CHECK(mutants.dump().find("--square appends zero queries instead of repeating") != std::string::npos);
  CHECK(mutants.dump().find('`') == std::string::npos);
}

TEST_CASE("fields: recorded outputs that are missing name the option they may lack") {
  const TemporaryFolder folder;
  const Finished finished = run_in(
      folder.path(), {"challenge", "--outputs", ".", "--rows", "8", "--pairs", "1", "--ladder", "1", "--timing-rows", "8"});
  CHECK(finished.out.find("with the same options, --blind included") != std::string::npos);
}

TEST_CASE("fields: what a user has in backticks stays") {
  CHECK(error_of({"version", "`route`"}).find("'`route`'") != std::string::npos);
  CHECK(error_of({"solve", "f.cnf", "--route", "`square`"}).find("`square` not in {") != std::string::npos);
  const TemporaryFolder folder;
  folder.file("`route`.cnf", "p cnf 2 1\n1 0\n2 0\n");
  CHECK(run_in(folder.path(), {"solve", "`route`.cnf", "--strict"}).err ==
        "gapwright: error: `route`.cnf:1:1: the header says 1 clause, the file has 2; mend the header or drop --strict\n");
}
