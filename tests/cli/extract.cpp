// SPDX-License-Identifier: MIT
// reduce -o FOLDER/ and extract: sizes that agree, every witness accepted, every other tuple refused.
#include <doctest/doctest.h>

#include "instances/files/bundle.hpp"
#include "instances/files/dimacs.hpp"
#include "instances/files/instance_files.hpp"
#include "instances/files/lift_file.hpp"
#include "tests/cli/program.hpp"
#include "verify/brute_force.hpp"

using namespace gapwright;
using namespace gapwright::test;

namespace {

const std::string kFormula = "p cnf 4 5\n1 2 3 0\n-1 -2 0\n2 4 0\n-3 4 1 0\n3 -2 -4 0\n";

std::string text_of(const WitnessNumbers& numbers) { return nlohmann::ordered_json(numbers).dump(); }

/// Predicted and measured agree wherever both are stated, and something is stated.
void check_sizes(const Bundle& bundle) {
  for (const BundleStep& step : bundle.path) {
    std::size_t compared = 0;
    for (const auto& [name, value] : step.predicted)
      for (const auto& [other, counted] : step.measured)
        if (name == other) {
          CAPTURE(step.rule);
          CAPTURE(name);
          CHECK(value == counted);
          ++compared;
        }
    CHECK(compared > 0);
  }
}

}  // namespace

TEST_CASE("extract: every tuple of every kind of target, accepted iff it is a witness") {
  const TemporaryFolder folder;
  folder.file("f.cnf", kFormula);
  const Cnf cnf = read_dimacs(InputBytes::open(folder.file("f.cnf"))).cnf;
  const std::uint64_t models = enumerate_assignments(cnf).models;
  REQUIRE(models > 1);
  const std::vector<std::vector<std::string>> ways{{"--to", "attention"},
                                                   {"--to", "attention", "--route", "hermitian", "--embedding", "paper"},
                                                   {"--to", "attention", "--route", "reed-solomon", "--gadget", "characters"}};
  for (std::size_t way = 0; way < ways.size(); ++way) {
    CAPTURE(way);
    std::vector<std::string> arguments{"reduce", "f.cnf", "-k", "2", "-o", "b" + std::to_string(way) + "/"};
    arguments.insert(arguments.end(), ways[way].begin(), ways[way].end());
    REQUIRE(run_in(folder.path(), arguments).code == 0);
    const std::string name = "b" + std::to_string(way);
    const Bundle bundle = read_manifest(InputBytes::open(folder.file(name + "/manifest.json")));
    check_sizes(bundle);
    CHECK(open_bundle_file(folder.file(name), bundle.sources.at(0)).text() == kFormula);
    const LiftTable table = read_lift(open_bundle_file(folder.file(name), bundle.lift));
    std::size_t accepted = 0;
    for (std::int64_t i = 0; i < 4; i += way == 0 ? 1 : 3)
      for (std::int64_t j = 0; j < 5; ++j) {
        const bool tuple = j < 4;  // the row after the four data keys is a pad
        const bool holds = tuple && accepts(cnf, assignment_of(lift(table, {i, j})));
        const Finished extracted =
            run_in(folder.path(), {"extract", name + (tuple ? "/" : ""), "--result", "-", "--json"}, {text_of({i, j}), "", 0});
        CHECK((extracted.code == 0 || extracted.code == 3));
        if (way == 0) CHECK((extracted.code == 0) == holds);
        if (extracted.code == 0) {
          CHECK(holds);
          CHECK(extracted.json().at("witness").get<WitnessNumbers>() == lift(table, {i, j}));
          CHECK(extracted.json().at("checked") == true);
          ++accepted;
        } else {
          CHECK(extracted.err.starts_with("gapwright: error: no witness of the attention instance"));
          CHECK(extracted.out == "");
        }
      }
    if (way == 0) CHECK(accepted == models);  // a code's one message has the witnesses of its product word only
    const Finished decided = run_in(folder.path(), {"decide", name + "/target.safetensors", "--json"});
    CHECK(decided.json().at("verdict") == "yes");
    CHECK(run_in(folder.path(), {"extract", name, "--result", "-"}, {decided.out, "", 0})
              .out.find("both against their instances") != std::string::npos);
    const std::string row = decided.json().at("row").dump();
    const Finished by_row =
        run_in(folder.path(), {"extract", name, "--result", "-", "--json"}, {"{\"row\": " + row + "}", "", 0});
    CHECK(by_row.json().at("target_witness") == decided.json().at("witness"));
    check_fails(run_in(folder.path(), {"extract", name, "--result", "-"}, {"{\"row\": 4}", "", 0}), 3, "it is not a YES row");
  }
}

TEST_CASE("extract: vectors as sources, and every form of Gap-k-MaxIP") {
  const TemporaryFolder folder;
  REQUIRE(run_in(folder.path(), {"gen", "orthogonal-vectors", "--vectors", "9", "--dimension", "20", "-k", "2", "--plant", "-o",
                                 "ov.safetensors"})
              .code == 0);
  for (const std::vector<std::string>& form :
       std::vector<std::vector<std::string>>{{},
                                             {"--form", "factored"},
                                             {"--form", "explicit", "--route", "reed-solomon", "--blocks", "1"},
                                             {"--gadget", "characters"}}) {
    std::filesystem::remove_all(folder.file("g"));
    std::vector<std::string> arguments{"reduce", "ov.safetensors", "--to", "gap-max-ip", "-o", "g/"};
    arguments.insert(arguments.end(), form.begin(), form.end());
    const Finished reduced = run_in(folder.path(), arguments);
    CAPTURE(reduced.err);
    REQUIRE(reduced.code == 0);
    check_sizes(read_manifest(InputBytes::open(folder.file("g/manifest.json"))));
    const Finished decided = run_in(folder.path(), {"decide", "g/target.safetensors", "--json"});
    const Finished back = run_in(folder.path(), {"extract", "g", "--result", "-", "--json"}, {decided.out, "", 0});
    CHECK(back.code == 0);
    const OrthogonalVectors ov = read_orthogonal_vectors({InputFile(InputBytes::open(folder.file("ov.safetensors")))}).vectors;
    CHECK(accepts(ov, back.json().at("witness").get<OrthogonalVectors::Witness>()));
    for (const std::string bad : {"[9, 0]", "[0]", "[-1, 0]"})
      check_fails(run_in(folder.path(), {"extract", "g", "--result", "-"}, {bad, "", 0}), 3,
                  "no witness of the gap-max-ip instance");
    if (form.empty()) continue;
    // The Gap-k-MaxIP instance on to attention: the second bundle starts where the first ends.
    std::filesystem::remove_all(folder.file("a"));
    REQUIRE(run_in(folder.path(), {"reduce", "g/target.safetensors", "--to", "attention", "-o", "a/"}).code == 0);
    check_sizes(read_manifest(InputBytes::open(folder.file("a/manifest.json"))));
    const Finished attention = run_in(folder.path(), {"decide", "a/target.safetensors", "--json"});
    CHECK(run_in(folder.path(), {"extract", "a", "--result", "-"}, {attention.out, "", 0}).code == 0);
    // The lift table alone knows what a witness is.
    CHECK(run_in(
              folder.path(),
              {"extract", "a/lift.json", "--result", "-", "--source", "g/target.safetensors", "--target", "a/target.safetensors"},
              {attention.out, "", 0})
              .code == 0);
  }
}

TEST_CASE("extract: changed files are bad input, and a bundle is whole or not there") {
  const TemporaryFolder folder;
  folder.file("f.cnf", kFormula);
  REQUIRE(run_in(folder.path(), {"reduce", "f.cnf", "--to", "attention", "-o", "b/"}).code == 0);
  folder.file("r.json", run_in(folder.path(), {"decide", "b/target.safetensors", "--json"}).out);
  CHECK(run_in(folder.path(), {"extract", "b", "--result", "r.json"}).code == 0);
  for (const std::string file : {"source.cnf", "target.safetensors", "lift.json"}) {
    const std::string before = read_text(folder.file("b/" + file));
    std::string changed = before;
    changed[changed.size() / 2] ^= 1;
    write_text(folder.file("b/" + file), changed);
    check_fails(run_in(folder.path(), {"extract", "b", "--result", "r.json"}), 6,
                file + ": is not the file that the manifest describes");
    write_text(folder.file("b/" + file), before);
  }
  check_fails(run_in(folder.path(), {"reduce", "f.cnf", "--to", "attention", "-o", "b"}), 2, "b: is not empty");
  check_fails(run_in(folder.path(), {"reduce", "f.cnf", "--to", "attention", "-o", "f.cnf/such/"}), 2,
              "f.cnf/such: cannot be made");
  check_fails(run_in(folder.path(), {"reduce", "f.cnf", "--to", "attention", "--memory-limit", "100", "-o", "c/"}), 5, "needs");
  CHECK_FALSE(std::filesystem::exists(folder.file("c")));
  std::filesystem::remove(folder.file("b/manifest.json"));
  check_fails(run_in(folder.path(), {"extract", "b", "--result", "r.json"}), 6, "b/manifest.json: cannot be opened");
  check_fails(run_in(folder.path(), {"extract", "b/lift.json", "--result", "f.cnf"}), 6, "f.cnf: is not JSON");
  check_fails(run_in(folder.path(), {"extract", "f.cnf", "--result", "r.json"}), 6, "f.cnf: is not JSON");
}

TEST_CASE("extract: a lying bundle is found, because both ends are checked") {
  const TemporaryFolder folder;
  folder.file("f.cnf", kFormula);
  REQUIRE(run_in(folder.path(), {"reduce", "f.cnf", "--to", "attention", "-k", "2", "-o", "b/"}).code == 0);
  folder.file("r.json", run_in(folder.path(), {"decide", "b/target.safetensors", "--json"}).out);
  Bundle bundle = read_manifest(InputBytes::open(folder.file("b/manifest.json")));
  LiftTable table = read_lift(InputBytes::open(folder.file("b/lift.json")));
  const Cnf cnf = read_dimacs(InputBytes::open(folder.file("f.cnf"))).cnf;
  const WitnessNumbers witness = read_result(InputBytes::open(folder.file("r.json"))).witness;
  auto& variables = table.steps[1].variables;
  bool lies = false;
  for (std::size_t a = 0; a < 4 && !lies; ++a)
    for (std::size_t b = a + 1; b < 4 && !lies; ++b) {
      std::swap(variables[a / 2][a % 2], variables[b / 2][b % 2]);
      lies = !accepts(cnf, assignment_of(lift(table, witness)));
      if (!lies) std::swap(variables[a / 2][a % 2], variables[b / 2][b % 2]);
    }
  REQUIRE(lies);
  write_text(folder.file("b/lift.json"), lift_json(table));
  bundle.lift = describe_file(folder.file("b"), "lift.json", "lift.json", "lift");
  write_text(folder.file("b/manifest.json"), manifest_json(bundle));
  check_fails(run_in(folder.path(), {"extract", "b", "--result", "r.json"}), 3,
              "the target's witness holds, but lifted it violates");
}

TEST_CASE("extract: two runs write the same bundle") {
  const TemporaryFolder folder;
  folder.file("f.cnf", kFormula);
  for (const std::string name : {"one", "two"})
    REQUIRE(run_in(folder.path(), {"reduce", "f.cnf", "--to", "attention", "--route", "hermitian", "-o", name + "/", "-j",
                                   name == "one" ? "1" : "2"})
                .code == 0);
  for (const std::string file : {"manifest.json", "lift.json", "source.cnf", "target.safetensors"})
    CHECK(read_text(folder.file("one/" + file)) == read_text(folder.file("two/" + file)));
}

TEST_CASE("extract: a witness is said to hold only where it was checked") {
  const TemporaryFolder folder;
  folder.file("f.cnf", kFormula);
  REQUIRE(run_in(folder.path(), {"gen", "formula", "f.cnf", "-T", "flip", "-o", "g.cnf"}).code == 0);
  const auto models = [&](const std::string& file) {
    const Finished solved = run_in(folder.path(), {"solve", file, "-k", "2", "--json"});
    return nlohmann::ordered_json{{"witness", solved.json().at("assignment")}}.dump();
  };
  folder.file("good.json", models("g.cnf"));
  folder.file("bad.json", "[-1, -2, -3, -4]");
  folder.file("worse.json", "[1, 2, 3, 4]");
  const auto extract = [&](const std::string& result, const std::vector<std::string>& more) {
    std::vector<std::string> command{"extract", "g.cnf.lift.json", "--result", result};
    command.insert(command.end(), more.begin(), more.end());
    return run_in(folder.path(), command);
  };
  CHECK(extract("good.json", {}).out.find("checked       nothing: neither instance was given") != std::string::npos);
  CHECK(extract("good.json", {"--source", "f.cnf"}).out.find("the source's alone") != std::string::npos);
  CHECK(extract("good.json", {"--target", "g.cnf"}).out.find("the target's alone") != std::string::npos);
  CHECK(extract("good.json", {"--source", "f.cnf", "--target", "g.cnf"}).out.find("both against") != std::string::npos);
  const auto json = extract("good.json", {"--source", "f.cnf", "--json"}).json();
  CHECK((json.at("checked") == false && json.at("source_checked") == true && json.at("target_checked") == false));
  std::size_t refused = 0;
  for (const char* result : {"bad.json", "worse.json"}) {
    const Finished finished = extract(result, {"--source", "f.cnf"});
    if (finished.code == 0) continue;
    ++refused;
    CHECK(finished.code == 3);
    CHECK(finished.err.find("holds") == std::string::npos);
    CHECK(finished.err.find("is not checked (--target)") != std::string::npos);
  }
  CHECK(refused > 0);
}
