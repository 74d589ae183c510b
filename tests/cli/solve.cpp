// SPDX-License-Identifier: MIT
// `solve` on every formula of tests/data: the folder is the answer, model-counts.txt the number of models.
#include <doctest/doctest.h>

#include <map>
#include <regex>
#include <sstream>

#include "instances/cnf.hpp"
#include "instances/files/dimacs.hpp"
#include "tests/cli/program.hpp"
#include "verify/brute_force.hpp"

using namespace gapwright;
using test::check_fails;
using test::Finished;
using test::run;

namespace {

struct Formula {
  std::string path;
  std::string name;  ///< with its folder
  bool satisfiable = false;
  Cnf cnf;
};

std::vector<Formula> formulas() {
  std::vector<Formula> all;
  for (const char* folder : {"yes", "no"})
    for (const auto& path : test::data_files(folder, ".cnf"))
      all.push_back({path.string(), std::string(folder) + "/" + path.filename().string(), folder == std::string("yes"),
                     read_dimacs(InputBytes::open(path.string())).cnf});
  return all;
}

/// The competition output of a satisfiable formula: one s line, v lines of at most 78 characters ending in 0, no variable twice.
Cnf::Witness model_of(const std::string& out, std::size_t variables) {
  std::istringstream lines(out);
  std::string line;
  std::getline(lines, line);
  CHECK(line == "s SATISFIABLE");
  Cnf::Witness model(variables);
  std::vector<bool> seen(variables);
  bool ended = false;
  while (std::getline(lines, line)) {
    REQUIRE(line.substr(0, 2) == "v ");
    CHECK(line.size() <= 80);
    std::istringstream literals(line.substr(2));
    for (int literal = 0; literals >> literal;) {
      REQUIRE_FALSE(ended);
      ended = literal == 0;
      if (ended) continue;
      const auto variable = static_cast<std::size_t>(std::abs(literal)) - 1;
      REQUIRE(variable < variables);
      CHECK_FALSE(seen[variable]);
      seen[variable] = true;
      model[variable] = literal > 0;
    }
  }
  CHECK(ended);
  CHECK(std::count(seen.begin(), seen.end(), true) == static_cast<std::ptrdiff_t>(variables));
  return model;
}

void check_competition_output(int order) {
  for (const Formula& f : formulas()) {
    CAPTURE(f.name);
    const Finished finished = run({"solve", "--format", "sat", "-k", std::to_string(order), f.path});
    if (f.satisfiable) {
      CHECK(finished.code == 10);
      CHECK(accepts(f.cnf, model_of(finished.out, f.cnf.variables)));
    } else {
      CHECK(finished.code == 20);
      CHECK(finished.out == "s UNSATISFIABLE\n");
    }
  }
}

std::map<std::string, std::uint64_t> known_counts() {
  std::istringstream table(test::read_text(test::data_file("model-counts.txt")));
  std::map<std::string, std::uint64_t> counts;
  std::string name;
  for (std::uint64_t count = 0; table >> name >> count;) counts[name] = count;
  return counts;
}

}  // namespace

TEST_CASE("solve: competition output on all formulas, k = 2") { check_competition_output(2); }
TEST_CASE("solve: competition output on all formulas, k = 3") { check_competition_output(3); }
TEST_CASE("solve: competition output on all formulas, k = 4") { check_competition_output(4); }

TEST_CASE("solve: the number of models is that of the table, at some order") {
  const auto counts = known_counts();
  const auto all = formulas();
  CHECK(counts.size() == all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i].name);
    const Finished finished = run({"solve", "--count", "--json", "-k", std::to_string(2 + i % 4), all[i].path});
    CHECK(finished.code == 0);
    CHECK(finished.json().at("models") == counts.at(all[i].name));
    CHECK(finished.json().at("answer") == (all[i].satisfiable ? "SATISFIABLE" : "UNSATISFIABLE"));
  }
}

TEST_CASE("solve: the table of models is that of brute force where that is quick") {
  const auto counts = known_counts();
  for (const Formula& f : formulas())
    if (f.cnf.variables <= 15) CHECK(enumerate_assignments(f.cnf).models == counts.at(f.name));
}

TEST_CASE("solve: fewest violated clauses, against brute force") {
  int order = 2;
  for (const Formula& f : formulas()) {
    if (f.cnf.variables > 15) continue;
    CAPTURE(f.name);
    order = order == 5 ? 2 : order + 1;
    const Finished finished = run({"solve", "--max", "--json", "-k", std::to_string(order), f.path});
    CHECK(finished.code == 0);
    const auto json = finished.json();
    const std::size_t fewest = enumerate_assignments(f.cnf).fewest_violated;
    CHECK(json.at("fewest_violated") == fewest);
    Cnf::Witness assignment;
    for (const auto& literal : json.at("assignment")) assignment.push_back(literal.get<int>() > 0);
    REQUIRE(assignment.size() == f.cnf.variables);
    CHECK(violated_clauses(f.cnf, assignment) == fewest);
  }
}

TEST_CASE("solve: what is valid works at every order up to 9") {
  for (int order = 2; order <= 9; ++order)
    for (const char* formula : {"p cnf 0 0\n", "p cnf 3 0\n", "p cnf 3 1\n0\n", "p cnf 5 2\n-4 0\n2 4 0\n"}) {
      CAPTURE(order);
      CAPTURE(formula);
      const Finished finished = run({"solve", "--format", "sat", "-k", std::to_string(order), "-"}, {formula, "", 0});
      CHECK(finished.code == (std::string(formula).find("\n0") == std::string::npos ? 10 : 20));
      CHECK(finished.err == "");
    }
}

TEST_CASE("solve: the stages in text") {
  const Finished finished = run({"solve", test::data_file("yes/uf20-01.cnf")});
  CHECK(finished.code == 0);
  CHECK(finished.err == "");
  for (const char* part :
       {"uf20-01.cnf: 20 variables, 91 clauses", "k = 3: sets of 128, 128, 64 vectors in dimension 91", "B = ", "gamma = B^3/93",
        "yes: out >= ", "satisfies all 91 clauses", "CryptoMiniSat SATISFIABLE", "answer        SATISFIABLE"}) {
    CAPTURE(part);
    CHECK(finished.out.find(part) != std::string::npos);
  }
}

TEST_CASE("solve: JSON has the assignment, the enclosure between 0 and 1, and the solver's word") {
  const auto json = run({"solve", "--json", test::data_file("yes/vdw-8-3-3.cnf")}).json();
  CHECK(json.at("answer") == "SATISFIABLE");
  CHECK(json.at("cryptominisat") == "SATISFIABLE");
  CHECK(json.at("assignment").size() == 8);
  const auto& decision = json.at("decision");
  CHECK(decision.at("verdict") == "yes");
  const double lo = std::stod(decision.at("enclosure").at("lo").get<std::string>()),
               hi = std::stod(decision.at("enclosure").at("hi").get<std::string>());
  CHECK((0 <= lo && lo <= hi && hi <= 1));
  CHECK(lo >= std::stod(json.at("attention").at("no_at_most").get<std::string>()));
}

TEST_CASE("solve: warnings go to standard error, and errors with --strict") {
  const std::string path = test::data_file("yes/wrong-clause-count.cnf");
  const Finished finished = run({"solve", "--format", "sat", "--quiet", path});
  CHECK(finished.code == 10);
  CHECK(finished.err ==
        "gapwright: warning: " + path + ":1:1: the header says 7 clauses, the file has 2; the file's clauses are used\n");
  check_fails(run({"solve", "--strict", path}), 6, "the header says 7 clauses");
  CHECK(run({"solve", test::data_file("yes/tautologies.cnf")}).err ==
        "gapwright: " + test::data_file("yes/tautologies.cnf") + ": 2 tautological clauses kept\n");
  CHECK(run({"solve", "--quiet", test::data_file("yes/tautologies.cnf")}).err == "");
}

TEST_CASE("solve: options of two kinds of output do not mix") {
  const std::string path = test::data_file("yes/nothing.cnf");
  for (const char* option : {"--count", "--max", "--json"})
    check_fails(run({"solve", "--format", "sat", option, path}), 2, "--format sat stands alone");
}

TEST_CASE("solve: --count counts over the variables to be shown when asked, and says what it leaves aside") {
  const test::TemporaryFolder folder;
  const std::string show = test::data_file("found/show.cnf");
  const test::Finished all = test::run({"solve", "--count", "--json", "-k", "2", show});
  CHECK(all.code == 0);
  CHECK(all.json().at("models") == 14);
  CHECK(
      all.err ==
      "gapwright: warning: " + show +
          ": 'c p show' or 'c ind' names 2 of 4 variables; models over all variables are counted, --project counts over those\n");
  const test::Finished projected = test::run({"solve", "--count", "--project", "--json", "-k", "2", show});
  CHECK(projected.code == 0);
  CHECK(projected.err == "");
  CHECK(projected.json().at("projected_models") == 4);
  CHECK_FALSE(projected.json().contains("models"));
  CHECK(projected.json().at("answer") == "SATISFIABLE");
  CHECK(test::run({"solve", "--count", "--project", "-k", "2", show}).out.find("4 assignments of the 2 variables") !=
        std::string::npos);
  const std::string weighted = folder.file("w.cnf", "p cnf 2 1\nc p weight 1 0.25 0\n1 2 0\n");
  CHECK(test::run({"solve", "--count", weighted, "-k", "2"}).err.find("weights ('c p weight') are not read") !=
        std::string::npos);
  CHECK(test::run({"solve", weighted, "-k", "2"}).err == "");
  CHECK(test::run({"solve", show, "-k", "2"}).err == "");
  const test::Finished none = test::run({"solve", "--count", "--project", weighted, "-k", "2"});
  CHECK(none.code == 6);
  CHECK(none.err.find("names no variables to project to") != std::string::npos);
  const std::string broken = folder.file("b.cnf", "p cnf 2 1\nc p show 1 -2 0\n1 2 0\n");
  CHECK(test::run({"solve", "--count", "--project", broken, "-k", "2"}).code == 6);
  const std::string unsatisfiable = folder.file("u.cnf", "p cnf 2 2\nc ind 1 0\n2 0\n-2 0\n");
  CHECK(test::run({"solve", "--count", "--project", unsatisfiable, "-k", "2", "--json"}).json().at("projected_models") == 0);
}
