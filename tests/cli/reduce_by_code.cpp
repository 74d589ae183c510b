// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cli/program.hpp"

using namespace gapwright;
using test::check_fails;
using test::Finished;
using test::run;
using test::run_in;
using test::TemporaryFolder;

namespace {

const std::string kFormula = "p cnf 4 6\n1 2 0\n-1 3 0\n-2 -3 4 0\n1 -4 0\n2 3 0\n-1 -2 4 0\n";
const std::string kAllSigns = "p cnf 3 8\n1 2 3 0 -1 2 3 0 1 -2 3 0 1 2 -3 0 -1 -2 3 0 -1 2 -3 0 1 -2 -3 0 -1 -2 -3 0\n";

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("reduce through the codes: every route and form is decided alike, and reduced on to attention") {
  const TemporaryFolder folder;
  folder.file("yes.cnf", kFormula);
  folder.file("no.cnf", kAllSigns);
  const std::vector<std::vector<std::string>> routes{{"--route", "reed-solomon", "--field", "7"},
                                                     {"--route", "hermitian", "--field", "9"},
                                                     {"--route", "tower", "--field", "9"}};
  for (const auto& route : routes)
    for (const std::vector<std::string>& form : std::vector<std::vector<std::string>>{
             {"--form", "explicit"}, {"--form", "pruned"}, {"--form", "factored"}, {"--gadget", "characters"}})
      for (const bool yes : {true, false}) {
        CAPTURE(route[1]);
        CAPTURE(form[1]);
        if (route[1] != "reed-solomon" && form[1] != "pruned" && form[1] != "factored") continue;  // the rest is the same code
        std::vector<std::string> reduce =
            joined(joined({"reduce", yes ? "yes.cnf" : "no.cnf", "-k", "2", "--to", "gap-max-ip", "-o", "g"}, route), form);
        if (!yes) reduce = joined(reduce, {"--advice", "2"});
        const Finished written = run_in(folder.path(), reduce);
        CAPTURE(written.err);
        REQUIRE(written.code == 0);
        const Finished decided = run_in(folder.path(), {"decide", "g", "--json"});
        REQUIRE(decided.code == 0);
        CHECK(decided.json().at("verdict") == (yes ? "yes" : "no"));
        const Finished embedded = run_in(folder.path(), joined({"reduce", "g", "--to", "attention", "-o", "a"},
                                                               form[1] == "characters" || form[1] != "factored"
                                                                   ? std::vector<std::string>{}
                                                                   : std::vector<std::string>{"--form", "pruned"}));
        CAPTURE(embedded.err);
        REQUIRE(embedded.code == 0);
        const auto attention = run_in(folder.path(), {"decide", "a", "--json"}).json();
        CHECK(attention.at("verdict") == (yes ? "yes" : "no"));
        if (yes) CHECK(attention.at("witness") == decided.json().at("witness"));
      }
}

TEST_CASE("reduce through the codes: the files do not depend on threads, and --mu trades dimension against entries") {
  const TemporaryFolder folder;
  folder.file("f.cnf", kFormula);
  const std::vector<std::string> base{"reduce",  "f.cnf",        "-k",      "2", "--to",     "attention",
                                      "--route", "reed-solomon", "--field", "7", "--gadget", "characters"};
  const auto write = [&](const std::string& name, const std::vector<std::string>& more) {
    const Finished finished = run_in(folder.path(), joined(joined(base, {"-o", name}), more));
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
    return test::read_text(folder.file(name));
  };
  CHECK(write("one", {"-j", "1"}) == write("two", {"-j", "2"}));
  const std::string coarse = write("coarse", {"--mu", "1"}), fine = write("fine", {"--mu", "0.05"});
  CHECK(fine.size() > coarse.size());
  for (const char* name : {"coarse", "fine"})
    CHECK(run_in(folder.path(), {"decide", name, "--json"}).json().at("verdict") == "yes");
}

TEST_CASE("reduce through the codes: what cannot be is refused in one line before work starts") {
  const std::vector<std::string> reduce{"reduce", test::data_file("yes/uf20-01.cnf"), "--to", "gap-max-ip", "-o", "-"};
  const auto refused = [&](const std::vector<std::string>& options, int code, const std::string& text) {
    check_fails(run(joined(reduce, options)), code, text);
  };
  refused({"--route", "reed-solomon", "--field", "5", "--blocks", "5"}, 2, "T < p");
  refused({"--route", "hermitian", "--field", "9", "--block-length", "20", "--blocks", "2"}, 2, "3 D < L");
  refused({"--route", "reed-solomon", "--field", "23", "--block-length", "3", "--blocks", "2"}, 2, "T K >=");
  refused({"--route", "hermitian", "--form", "explicit", "--memory-limit", "1M"}, 5, "");
  refused({"--route", "hermitian", "--advice", "all"}, 2, "one message");
  refused({"--route", "hermitian", "--field", "25", "--advice",
           "999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
           "9999999999999999999999999999999999999999999"},
          2, "");
  refused({"--gadget", "characters", "--form", "factored"}, 2, "one form");
  refused({"--gadget", "characters", "--embedding", "paper"}, 2, "--to attention");
  std::vector<std::string> to_attention =
      joined(reduce, {"--route", "hermitian", "--gadget", "characters", "--embedding", "paper"});
  std::replace(to_attention.begin(), to_attention.end(), std::string("gap-max-ip"), std::string("attention"));
  check_fails(run(to_attention), 2, "sharp");
  refused({"--mu", "0.5"}, 2, "--mu");
  refused({"--gadget", "characters", "--mu", "0"}, 2, "--mu");
}
