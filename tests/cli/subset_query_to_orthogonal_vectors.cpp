// SPDX-License-Identifier: MIT
// A rule that the program knows by its row alone: along every route, and back.
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

TEST_CASE("subset query to 2-OV: the program leads it to attention and a witness back") {
  const TemporaryFolder folder;
  const auto run = [&](const std::vector<std::string>& arguments) { return run_in(folder.path(), arguments); };
  REQUIRE(
      run({"gen", "subset-query", "--inner", "9", "--outer", "14", "--universe", "40", "--plant", "-o", "s.safetensors"}).code ==
      0);
  const Finished path = run({"path", "subset-query", "attention", "s.safetensors", "--json"});
  REQUIRE(path.code == 0);
  CHECK(path.json()["order"] == 2);
  CHECK(path.json()["routes"][0]["stages"][0]["sizes"] == nlohmann::ordered_json({9, 14}));
  CHECK(run({"path", "subset-query", "attention", "--vectors", "64", "--dimension", "20"}).code == 0);
  CHECK(run({"path", "subset-query", "attention", "--vectors", "64", "--dimension", "20", "-k", "3"}).code == 2);
  for (const std::vector<std::string>& way :
       std::vector<std::vector<std::string>>{{"--to", "attention"},
                                             {"--to", "attention", "--square"},
                                             {"--to", "attention", "--centred"},
                                             {"--to", "orthogonal-vectors"},
                                             {"--to", "gap-max-ip", "--route", "hermitian"}}) {
    std::filesystem::remove_all(folder.path() / "bundle");
    std::vector<std::string> reduce{"reduce", "s.safetensors", "-o", "bundle/"};
    reduce.insert(reduce.end(), way.begin(), way.end());
    const Finished reduced = run(reduce);
    CAPTURE(reduced.err);
    REQUIRE(reduced.code == 0);
    const Finished decided = run({"decide", "bundle/target.safetensors", "--json"});
    CHECK(decided.json()["verdict"] == "yes");
    write_text(folder.path() / "answer.json", decided.out);
    const Finished back = run({"extract", "bundle/", "--result", "answer.json", "--json"});
    CAPTURE(back.err);
    REQUIRE(back.code == 0);
    CHECK(back.json()["problem"] == "subset-query");
    CHECK(back.json()["checked"] == true);
  }
  CHECK(run({"reduce", "s.safetensors", "--to", "attention", "-k", "3", "-o", "b/"}).code == 2);
  CHECK(run({"fuzz", "subset_query_to_orthogonal_vectors", "--cases", "60", "--mutants", "--json"}).json()["clean"] == true);
}
