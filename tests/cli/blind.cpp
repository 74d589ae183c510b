// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>
#include <sstream>

#include "tests/cli/program.hpp"

using namespace gapwright::test;

namespace {

const std::string kSeed = "9182736455463728191";

/// Metadata keys of a safetensors file, with those of its provenance.
std::set<std::string> keys_of(const std::string& bytes) {
  std::uint64_t length = 0;
  std::copy_n(bytes.data(), 8, reinterpret_cast<char*>(&length));
  const auto header = nlohmann::json::parse(bytes.substr(8, length));
  std::set<std::string> keys;
  for (const auto& [key, value] : header["__metadata__"].items()) keys.insert(key);
  const auto provenance = nlohmann::json::parse(header["__metadata__"]["provenance"].get<std::string>());
  for (const auto& [key, value] : provenance.items()) keys.insert("provenance " + key);
  return keys;
}

void check_tells_nothing(const std::string& bytes, const std::string& what) {
  CAPTURE(what);
  for (const std::string word :
       {kSeed.c_str(), "expected", "plant", "--seed", "seed", "satisfiable", "shuffle", "pigeon", "quiet"})
    CHECK(bytes.find(word) == std::string::npos);
}

}  // namespace

TEST_CASE("gen --blind: planted yes and no look alike, neither seed nor answer is in the bytes, and --answers has them") {
  for (const std::string family : {"orthogonal-vectors", "gap-max-ip"}) {
    const TemporaryFolder folder;
    const auto gen = [&](const std::string& name, const std::string& more) {
      const Finished finished = run_in(
          folder.path(), {"gen", family, "--vectors", "12", "--dimension", family == "gap-max-ip" ? "600" : "40", "-k", "2",
                          "--seed", kSeed, more, "--blind", "--answers", name + ".json", "-o", name + ".safetensors", "--quiet"});
      CAPTURE(finished.err);
      REQUIRE(finished.code == 0);
      return read_text(folder.file(name + ".safetensors"));
    };
    const std::string yes = gen("yes", "--plant"), no = gen("no", "--expect");
    CHECK(keys_of(yes) == keys_of(no));
    check_tells_nothing(yes, family);
    check_tells_nothing(no, family);
    const auto answer = nlohmann::json::parse(read_text(folder.file("yes.json")));
    CHECK(answer["expected"] == "yes");
    CHECK(answer["known"] == "planted");
    CHECK(answer["witness"].size() == 2);
    CHECK(answer["file"] == "yes.safetensors");
    CHECK(answer["provenance"]["seed"] == kSeed);
    CHECK(answer["provenance"]["command"].get<std::string>().find("--plant") != std::string::npos);
    CHECK(nlohmann::json::parse(read_text(folder.file("no.json")))["expected"] == "no");
    // It is the same instance as without --blind: the command of the answers file makes it again.
    REQUIRE(run_in(folder.path(), {"gen", family, "--vectors", "12", "--dimension", family == "gap-max-ip" ? "600" : "40", "-k",
                                   "2", "--seed", kSeed, "--plant", "-o", "open.safetensors", "--quiet"})
                .code == 0);
    const std::string open = read_text(folder.file("open.safetensors"));
    CHECK(open.substr(open.size() - 960) == yes.substr(yes.size() - 960));
    CHECK(keys_of(open) != keys_of(yes));
    CHECK(run_in(folder.path(), {"decide", "yes.safetensors"}).code == 0);
  }
}

TEST_CASE("gen --blind: formulas, planted, structured or transformed") {
  const TemporaryFolder folder;
  const auto gen = [&](std::vector<std::string> arguments, const std::string& name) {
    arguments.insert(arguments.begin(), "gen");
    arguments.insert(arguments.end(), {"--seed", kSeed, "--blind", "--answers", name + ".json", "-o", name + ".cnf"});
    const Finished finished = run_in(folder.path(), arguments);
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
    check_tells_nothing(read_text(folder.file(name + ".cnf")), name);
    return nlohmann::json::parse(read_text(folder.file(name + ".json")));
  };
  const auto planted = gen({"random-ksat", "--variables", "20", "--clauses", "80", "--plant", "-T", "shuffle"}, "planted");
  CHECK(planted["expected"] == "yes");
  CHECK(planted["witness"].size() == 20);
  CHECK(planted["provenance"]["seed"] == kSeed);
  // The witness is a model of the blind file.
  const auto literals = planted["witness"].get<std::vector<int>>();
  std::istringstream text(read_text(folder.file("planted.cnf")));
  for (std::string line; std::getline(text, line);) {
    if (line.empty() || line[0] == 'c' || line[0] == 'p') continue;
    std::istringstream clause(line);
    bool satisfied = false;
    for (int literal = 0; clause >> literal && literal != 0;)
      satisfied |= literals[static_cast<std::size_t>(std::abs(literal)) - 1] == literal;
    CHECK(satisfied);
  }
  CHECK(gen({"random-ksat", "--variables", "20", "--clauses", "80"}, "null")["expected"].is_null());
  CHECK(gen({"random-ksat", "--variables", "18", "--clauses", "60", "--plant=quiet", "-k", "3"}, "still")["expected"] == "yes");
  const auto holes = gen({"pigeonhole", "4", "3", "-T", "shuffle"}, "holes");
  CHECK(holes["expected"] == "no");
  CHECK(holes["provenance"]["command"].get<std::string>().find("pigeonhole 4 3 -T shuffle --seed") != std::string::npos);
}

TEST_CASE("reduce --blind: no answer, no source, and a table of answers, bundles and codes refuse it") {
  const TemporaryFolder folder;
  const auto reduce = [&](const std::string& formula, const std::string& to, const std::string& name) {
    const Finished finished = run_in(folder.path(), {"reduce", data_file(formula), "-k", "2", "--to", to, "--expect", "--blind",
                                                     "--answers", name + ".json", "-o", name, "--quiet"});
    CAPTURE(finished.err);
    REQUIRE(finished.code == 0);
    const std::string bytes = read_text(folder.file(name));
    CHECK(bytes.find("expected") == std::string::npos);
    CHECK(bytes.find(".cnf") == std::string::npos);
    return std::pair{bytes, nlohmann::json::parse(read_text(folder.file(name + ".json")))};
  };
  for (const std::string to : {"attention", "orthogonal-vectors"}) {
    const auto [yes, yes_answer] = reduce("yes/six-variables.cnf", to, to + "-yes");
    const auto [no, no_answer] = reduce("no/both-units.cnf", to, to + "-no");
    CHECK(keys_of(yes) == keys_of(no));
    CHECK(yes_answer["expected"] == "yes");
    CHECK(no_answer["expected"] == "no");
    CHECK(no_answer["provenance"]["sources"][0]["name"] == "both-units.cnf");
  }
  const std::string formula = data_file("yes/six-variables.cnf");
  check_fails(run({"reduce", formula, "--to", "attention", "--blind", "-o", "bundle/"}), 2, "a bundle holds its source");
  check_fails(run({"reduce", formula, "--to", "gap-max-ip", "--route", "hermitian", "--blind", "-o", "x"}), 2, "direct route");
}
