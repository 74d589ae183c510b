// SPDX-License-Identifier: MIT
// A problem that the program knows by its row alone: made, shown, decided.
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

TEST_CASE("subset-query: gen, decide, list and show know it by its row") {
  const TemporaryFolder folder;
  CHECK(run_in(folder.path(), {"list", "problems"}).out.find("  subset-query ") != std::string::npos);
  CHECK(run_in(folder.path(), {"list", "families"}).out.find("  subset-query ") != std::string::npos);
  CHECK(run_in(folder.path(), {"show", "subset-query", "--json"}).json()[0]["brute_force"] == "n^2");
  const std::vector<std::string> planted{"gen", "subset-query", "--inner",   "20",      "--outer",
                                         "30",  "--universe",   "90",        "--plant", "--seed",
                                         "5",   "--witness",    "pair.json", "-o",      "subset.safetensors"};
  REQUIRE(run_in(folder.path(), planted).code == 0);
  const Finished decided = run_in(folder.path(), {"decide", "subset.safetensors", "--json"});
  REQUIRE(decided.code == 0);
  CHECK(decided.json()["verdict"] == "yes");
  CHECK(decided.json()["witness"] == nlohmann::ordered_json::parse(read_text(folder.path() / "pair.json"))["witness"]);
  CHECK(run_in(folder.path(), {"decide", "subset.safetensors"}).out.find("600 tuples in dimension 90") != std::string::npos);
  const std::string first = read_text(folder.path() / "subset.safetensors");
  REQUIRE(run_in(folder.path(), planted).code == 0);
  CHECK(read_text(folder.path() / "subset.safetensors") == first);
}

TEST_CASE("subset-query: expected answers are found, recorded and held against, and blind files tell nothing") {
  const TemporaryFolder folder;
  const auto gen = [&](std::vector<std::string> more) {
    std::vector<std::string> all{"gen", "subset-query", "--inner", "4",  "--outer",
                                 "5",   "--universe",   "300",     "-o", "a.safetensors"};
    all.insert(all.end(), more.begin(), more.end());
    return run_in(folder.path(), all);
  };
  REQUIRE(gen({"--expect"}).code == 0);
  std::string bytes = read_text(folder.path() / "a.safetensors");
  CHECK(bytes.find("\"expected\":\"no\"") != std::string::npos);
  CHECK(run_in(folder.path(), {"decide", "a.safetensors"}).code == 0);
  REQUIRE(gen({"--plant", "--blind", "--answers", "answer.json"}).code == 0);
  bytes = read_text(folder.path() / "a.safetensors");
  CHECK(bytes.find("plant") == std::string::npos);
  CHECK(bytes.find("expected") == std::string::npos);
  CHECK(nlohmann::ordered_json::parse(read_text(folder.path() / "answer.json"))["expected"] == "yes");
}

TEST_CASE("subset-query: bad files, wrong orders and options that mean nothing are refused in one line") {
  const TemporaryFolder folder;
  REQUIRE(run_in(folder.path(), {"gen", "subset-query", "--inner", "2", "--outer", "2", "--universe", "3", "-o", "a.safetensors"})
              .code == 0);
  const std::vector<std::pair<std::vector<std::string>, int>> refused{
      {{"decide", "a.safetensors", "-k", "3"}, 2},
      {{"gen", "subset-query", "--inner", "2", "--outer", "2", "--universe", "3", "--plant=no", "-o", "b.safetensors"}, 2},
      {{"reduce", "a.safetensors", "--to", "gap-max-ip", "--max-tuples", "3", "-o", "b.safetensors"}, 5},
      {{"decide", "a.safetensors", "--method", "balls"}, 2},
      {{"decide", "a.safetensors", "--certificate", "c.json"}, 2},
      {{"decide", "a.safetensors", "--max-tuples", "3"}, 5},
      {{"gen", "subset-query", "--inner", "0", "--outer", "2", "--universe", "3", "-o", "b.safetensors"}, 2},
      {{"gen", "subset-query", "--inner", "2", "--outer", "2", "--universe", "3", "--witness", "w", "-o", "b.safetensors"}, 2},
      {{"gen", "subset-query", "--inner", "2", "--outer", "2", "--universe", "3", "--inner-density", "2", "-o", "b.safetensors"},
       2},
      {{"gen", "subset-query", "--inner", "900000000", "--outer", "900000000", "--universe", "9000000", "-o", "b.safetensors"},
       5}};
  for (const auto& [arguments, code] : refused) {
    const Finished run = run_in(folder.path(), arguments);
    CAPTURE(run.err);
    CHECK(run.code == code);
    CHECK(run.error_lines() == 1);
  }
  std::string bytes = read_text(folder.path() / "a.safetensors");
  bytes.replace(bytes.find("\"outer\""), 7, "\"other\"");
  write_text(folder.path() / "b.safetensors", bytes);
  const Finished run = run_in(folder.path(), {"decide", "b.safetensors"});
  CHECK(run.code == 6);
  CHECK(run.error_lines() == 1);
}

TEST_CASE("subset-query is a target: formulas and vectors lead to it, witnesses back, and only what goes with it is taken") {
  const TemporaryFolder folder;
  for (const bool yes : {true, false}) {
    const std::string formula = data_file(yes ? "yes/one-variable.cnf" : "no/both-units.cnf");
    REQUIRE(
        run_in(folder.path(), {"reduce", formula, "-k", "2", "--to", "subset-query", "--expect", "-o", "a.safetensors"}).code ==
        0);
    const Finished decided = run_in(folder.path(), {"decide", "a.safetensors", "--json"});
    CHECK(decided.json()["verdict"] == (yes ? "yes" : "no"));
    CHECK(read_text(folder.path() / "a.safetensors").find(yes ? "\"expected\":\"yes\"" : "\"expected\":\"no\"") !=
          std::string::npos);
    CHECK(read_text(folder.path() / "a.safetensors").find("--to subset-query -k 2 --expect") != std::string::npos);
  }
  const std::string formula = data_file("yes/uf20-01.cnf");
  REQUIRE(run_in(folder.path(), {"reduce", formula, "-k", "2", "--to", "subset-query", "-o", "bundle/"}).code == 0);
  const Finished decided = run_in(folder.path(), {"decide", "bundle/target.safetensors", "--json"});
  REQUIRE(decided.json()["verdict"] == "yes");
  write_text(folder.path() / "answer.json", decided.out);
  CHECK(run_in(folder.path(), {"extract", "bundle/", "--result", "answer.json"}).code == 0);
  REQUIRE(run_in(folder.path(), {"gen", "orthogonal-vectors", "--plant", "-k", "2", "--vectors", "9", "--dimension", "30", "-o",
                                 "v.safetensors"})
              .code == 0);
  REQUIRE(run_in(folder.path(), {"reduce", "v.safetensors", "--to", "subset-query", "-o", "b.safetensors"}).code == 0);
  CHECK(run_in(folder.path(), {"decide", "b.safetensors", "--json"}).json()["verdict"] == "yes");
  REQUIRE(run_in(folder.path(),
                 {"gen", "orthogonal-vectors", "-k", "3", "--vectors", "9", "--dimension", "30", "-o", "three.safetensors"})
              .code == 0);
  const std::vector<std::pair<std::vector<std::string>, std::string>> refused{
      {{formula, "-k", "3"}, "leave out order -k"},
      {{formula, "-k", "2", "--route", "hermitian"}, "no code leads to subset-query"},
      {{formula, "-k", "2", "--form", "pruned"}, "no code leads to subset-query"},
      {{formula, "-k", "2", "--square"}, "--to attention"},
      {{formula, "-k", "2", "--centred"}, "--to attention"},
      {{formula, "-k", "2", "--delta", "1/8"}, "--to attention"},
      {{"three.safetensors"}, "3 sets"},
      {{"b.safetensors"}, "already"}};
  for (const auto& [arguments, message] : refused) {
    std::vector<std::string> all{"reduce", "--to", "subset-query", "-o", "c.safetensors"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Finished run = run_in(folder.path(), all);
    CAPTURE(run.err);
    CHECK(run.code == 2);
    CHECK(run.error_lines() == 1);
    CHECK(run.err.find(message) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(folder.path() / "c.safetensors"));
  }
}
