// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "tests/cli/program.hpp"

using namespace gapwright;
using test::check_fails;
using test::Finished;
using test::run;
using test::TemporaryFolder;

TEST_CASE("plan: a table, its JSON, and the same bytes twice") {
  const std::vector<std::string> small{"plan", "--variables", "30",   "--clauses", "128", "--largest-field",
                                       "64",   "--longest",   "2000", "--up-to",   "40"};
  const Finished text = run(small);
  REQUIRE(text.code == 0);
  for (const char* word : {"least entries by each route and gadget", "Pareto front", "tower",
                           "smaller entries from how many variables on", " at no size\n"})
    CHECK(text.out.find(word) != std::string::npos);
  auto with_json = small;
  with_json.push_back("--json");
  const Finished first = run(with_json), second = run(with_json);
  CHECK(first.out == second.out);
  const auto json = first.json();
  CHECK(json.at("sizes") == std::vector<int>{1024, 1024, 1024});
  CHECK(json.at("front").size() < json.at("ways").get<std::size_t>());
  const auto& direct = json.at("least_entries").at(0);
  CHECK(direct.at("route") == "direct");
  CHECK(direct.at("dimension") == 130);
  CHECK(direct.at("entry_constant") == "130");
  for (const auto& point : json.at("front")) {
    CHECK(point.at("entry_bound").at("lo") <= point.at("entry_bound").at("hi"));
    CHECK(point.at("no_at_most") < point.at("yes_at_least"));
  }
  CHECK(json.at("crossovers").size() == 8);
}

TEST_CASE("plan: a formula instead of numbers, and the picture") {
  const TemporaryFolder folder;
  const Finished finished = test::run_in(folder.path(), {"plan", test::data_file("yes/uf20-01.cnf"), "-k", "2", "--largest-field",
                                                         "49", "--longest", "400", "--up-to", "30", "--plot", "entries"});
  CHECK(finished.code == 0);
  CHECK(finished.out.find("20 variables, 91 clauses") != std::string::npos);
  CHECK(folder.entries() == 3);
  const std::string picture = test::read_text(folder.file("entries.svg"));
  CHECK(picture.find("direct") != std::string::npos);
  CHECK(picture.find("hermitian by boxes") != std::string::npos);
}

TEST_CASE("plan: what it cannot do is said in one line") {
  check_fails(run({"plan"}), 2, "give a formula, or --variables and --clauses");
  check_fails(run({"plan", "--variables", "30"}), 2, "--clauses");
  check_fails(run({"plan", "--variables", "-3", "--clauses", "4"}), 2, "--variables");
  check_fails(run({"plan", "--variables", "300000", "--clauses", "4"}), 5, "plan takes up to 100000 variables");
  check_fails(run({"plan", "missing.cnf"}), 6, "missing.cnf");
  check_fails(run({"plan", "--variables", "3", "--clauses", "4", "--up-to", "3", "--largest-field", "9", "--longest", "30",
                   "--plot", "no/such/folder"}),
              2, "no/such/folder.dat");
  CHECK(run({"plan", "--variables", "0", "--clauses", "0", "--largest-field", "9", "--longest", "30", "--up-to", "2"}).code == 0);
}
