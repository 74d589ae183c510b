// SPDX-License-Identifier: MIT
// Bundles whose target is of a problem that the checker does not know.
#include "tests/cli/bundle_files.hpp"

using namespace gapwright::test;
using namespace gapwright::test::bundle;

namespace {

const std::string kLastStep =
    "theorem; predicted target_bits and targets; measured target_bits of the step 'orthogonal-vectors -> subset-query': the "
    "problem 'subset-query' is not known here, so neither is what its file means";

Files of_formula(const TemporaryFolder& folder, std::vector<std::string> options = {}) {
  options.insert(options.begin(), {data_file("yes/one-variable.cnf"), "-k", "2", "--to", "subset-query"});
  return made(folder, options);
}

Files of_vectors(const TemporaryFolder& folder, std::vector<std::string> options = {}) {
  if (!std::filesystem::exists(folder.file("v.safetensors")))
    REQUIRE(run_in(folder.path(), {"gen", "orthogonal-vectors", "-k", "2", "--vectors", "5", "--dimension", "9", "-o",
                                   "v.safetensors", "--quiet"})
                .code == 0);
  options.insert(options.begin(), {"v.safetensors", "--to", "subset-query"});
  return made(folder, options);
}

/// What no one can check of the last step, which is number `last`.
std::function<bool(const std::string&)> of_step(std::size_t last) {
  return [place = "/path/" + std::to_string(last)](const std::string& path) {
    return path.starts_with(place) && !path.starts_with(place + "/rule");
  };
}

}  // namespace

TEST_CASE("bundles to an unknown target: all but its step is checked, and that is said") {
  const TemporaryFolder folder;
  const auto formula = check(of_formula(folder));
  CHECK(formula.text == "cnf -> subset-query of order 2: hashes, the path as far as the vectors, the lift table");
  CHECK(formula.unchecked == std::vector<std::string>{kLastStep});
  CHECK(check(of_vectors(folder)).unchecked == std::vector<std::string>{kLastStep});
  CHECK(check(of_formula(folder, {"--expect"})).unchecked == std::vector<std::string>{kLastStep, "expected"});
  REQUIRE(run_in(folder.path(), {"reduce", "v.safetensors", "--to", "subset-query", "-o", "b/", "--quiet"}).code == 0);
  const Finished found = run_in(folder.path(), {"--bundle", "b"}, {}, tested_checker());
  CHECK(found.code == 4);
  CHECK(found.out.starts_with("partly: orthogonal-vectors -> subset-query of order 2: "));
}

TEST_CASE("bundles to an unknown target: a byte of each file, and every leaf of the manifest that is not of its step") {
  const TemporaryFolder folder;
  std::size_t mutants = 0;
  for (const bool formula : {true, false})
    for (const bool expect : {true, false}) {
      const std::vector<std::string> options = expect ? std::vector<std::string>{"--expect"} : std::vector<std::string>{};
      const Files honest = formula ? of_formula(folder, options) : of_vectors(folder, options);
      REQUIRE(refusal(honest) == "");
      for (const auto& [name, bytes] : honest)
        for (std::size_t at = 1; name != "manifest.json" && at < bytes.size(); at += 1 + bytes.size() / 7) {
          Files files = honest;
          files[name][at] ^= 1;
          CHECK(refusal(files) != "");
        }
      CHECK(accepted_mutants(honest, mutants, of_step(formula ? 1 : 0)) == 0);
    }
  CHECK(mutants > 150);
}

TEST_CASE("bundles to an unknown target: wrong lift tables, sources and commands, with all hashes right") {
  const TemporaryFolder folder;
  const Files formula = of_formula(folder), vectors = of_vectors(folder);
  REQUIRE(refusal(rehashed(formula)) == "");
  REQUIRE(refusal(honest_again(formula)) == "");
  const auto fault = [&](const Files& honest, const std::string& file, const std::string& from, const std::string& to) {
    CAPTURE(from);
    CAPTURE(to);
    CHECK(refusal(honest_again(replaced(honest, file, from, to))) != "");
  };
  fault(vectors, "lift.json", R"("sizes":[5,5])", R"("sizes":[5,4])");
  fault(vectors, "lift.json", R"("to": "orthogonal-vectors")", R"("to": "cnf")");
  fault(vectors, "lift.json", R"("rule":"orthogonal-vectors -> subset-query")", R"("rule":"orthogonal-vectors -> other")");
  fault(vectors, "target.safetensors", R"("problem":"subset-query")", R"("problem":"Subset-query")");
  fault(vectors, "target.safetensors", "reduce v.safetensors", "reduce w.safetensors");
  fault(vectors, "manifest.json", "--to subset-query", "--to subset-query -k 2");
  fault(formula, "manifest.json", "-k 2", "-k 3");
  fault(formula, "manifest.json", R"("order": "2")", R"("order": "3")");
  fault(formula, "source.cnf", "1", "-1 1");
}
