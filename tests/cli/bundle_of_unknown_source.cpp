// SPDX-License-Identifier: MIT
// Bundles whose source is of a problem that the checker does not know.
#include "checker/bundle/parts.hpp"
#include "tests/cli/bundle_files.hpp"

using namespace gapwright::test;
using namespace gapwright::test::bundle;

namespace {

const std::string kStep =
    "theorem; predicted target_bits and targets of the step 'subset-query -> orthogonal-vectors': the problem 'subset-query' is "
    "not known here, so neither is what its file "
    "means";

const std::vector<std::vector<std::string>> kRebuilt{{"--to", "attention"},
                                                     {"--to", "attention", "--square", "--entry-dtype", "bf16"},
                                                     {"--to", "attention", "--causal", "--expect"},
                                                     {"--to", "attention", "--causal", "--square", "--entry-dtype", "f16"},
                                                     {"--to", "attention", "--centred", "--delta", "1/32"}};
const std::vector<std::vector<std::string>> kOthers{
    {"--to", "orthogonal-vectors"},
    {"--to", "gap-max-ip", "--route", "hermitian", "--form", "factored"},
    {"--to", "gap-max-ip", "--route", "reed-solomon", "--form", "pruned", "--advice", "1"},
    {"--to", "attention", "--route", "reed-solomon"},
    {"--to", "attention", "--route", "reed-solomon", "--gadget", "characters"}};

Files of_subset_query(const TemporaryFolder& folder, std::vector<std::string> options) {
  if (!std::filesystem::exists(folder.file("s.safetensors")))
    REQUIRE(run_in(folder.path(), {"gen", "subset-query", "--inner", "5", "--outer", "6", "--universe", "12", "--plant", "-o",
                                   "s.safetensors", "--quiet"})
                .code == 0);
  options.insert(options.begin(), "s.safetensors");
  return made(folder, options);
}

/// What no one can check of the unknown step.
bool is_of_the_unknown_step(const std::string& path) {
  return path == "/path/0/theorem" || path.starts_with("/path/0/parameters") || path.starts_with("/path/0/predicted");
}

}  // namespace

TEST_CASE("bundles of an unknown source: all but its step is checked, and that is said") {
  const TemporaryFolder folder;
  for (const auto& options : kRebuilt) {
    const auto accepted = check(of_subset_query(folder, options));
    CHECK(
        accepted.text.starts_with("subset-query -> attention of order 2: hashes and sizes, the target built again from the "
                                  "vectors that it holds, the lift table, "));
    CHECK(accepted.unchecked == std::vector<std::string>{kStep});
  }
  for (const auto& options : kOthers) {
    const auto accepted = check(of_subset_query(folder, options));
    CAPTURE(accepted.text);
    CHECK(std::find(accepted.unchecked.begin(), accepted.unchecked.end(), kStep) != accepted.unchecked.end());
    CHECK(accepted.text.find("built again") == std::string::npos);
    CHECK(accepted.text.ends_with("30 tuples"));
  }
}

TEST_CASE("bundles of an unknown source: a byte of each file, and every leaf of the manifest that is not of its step") {
  const TemporaryFolder folder;
  std::size_t mutants = 0;
  for (const auto& all : {kRebuilt, kOthers})
    for (const auto& options : all) {
      const Files honest = of_subset_query(folder, options);
      REQUIRE(refusal(honest) == "");
      for (const auto& [name, bytes] : honest)
        for (std::size_t at = 1; name != "manifest.json" && at < bytes.size(); at += bytes.size() / 7) {
          Files files = honest;
          files[name][at] ^= 1;
          CHECK(refusal(files) != "");
        }
      CHECK(accepted_mutants(honest, mutants, is_of_the_unknown_step) == 0);
    }
  CHECK(mutants > 800);
}

TEST_CASE("bundles of an unknown source: wrong numbers and entries of the target, with all hashes right") {
  const TemporaryFolder folder;
  for (const auto& options : kRebuilt) {
    const Files honest = of_subset_query(folder, options);
    REQUIRE(refusal(honest_again(honest)) == "");
    const std::string& target = honest.at("target.safetensors");
    for (std::size_t i = 0; i < 40; ++i) {
      Files files = honest;
      files["target.safetensors"][target.size() - 1 - i * 29] ^= static_cast<char>(1 << (i % 8));
      CHECK(refusal(honest_again(files)) != "");
    }
    for (const std::string key : {"yes_at_least", "no_at_most", "softmax_scale", "entry_bound", "order"}) {
      CAPTURE(key);
      Files files = honest;
      std::string& text = files["target.safetensors"];
      const auto at = text.find("\"" + key + "\":\"");
      REQUIRE(at != std::string::npos);
      const auto begin = at + key.size() + 4, end = text.find('"', begin);
      char& last = text[end - (end - begin > 9 ? 4 : 1)];  // the last digits of a double may name the same one
      last = last == '3' ? '4' : '3';
      CHECK(refusal(honest_again(files)) != "");
    }
    CHECK(refusal(honest_again(replaced(honest, "target.safetensors", R"("expected":"yes")", R"("expected":"no" )"))) != "");
  }
}

TEST_CASE("bundles of an unknown source: wrong lift tables and sources, with all hashes right") {
  const TemporaryFolder folder;
  for (const auto& options : {kRebuilt[0], kRebuilt[2], kOthers[0], kOthers[1], kOthers[3]}) {
    const Files honest = of_subset_query(folder, options);
    const std::string unknown = R"("subset-query -> orthogonal-vectors","kind":"rows","rows":)";
    const auto lift_fault = [&](const std::string& from, const std::string& to) {
      CAPTURE(from);
      CAPTURE(to);
      CHECK(refusal(rehashed(replaced(honest, "lift.json", from, to))) != "");
    };
    lift_fault(unknown + "[5,6]", unknown + "[5,5]");
    lift_fault(unknown + "[5,6]", unknown + "[6,6]");
    lift_fault(unknown + "[5,6]", unknown + "[5]");
    lift_fault(unknown, R"("subset-query -> gap-max-ip","kind":"rows","rows":)");
    lift_fault(R"("sizes":[5,6])", R"("sizes":[5,0])");
    lift_fault(R"("to": "subset-query")", R"("to": "cnf")");
    lift_fault("[\n", "[\n{},");
    if (options != kOthers[0]) lift_fault(R"("sizes":[5,6])", R"("sizes":[4,6])");  // of the first, known step
    CHECK(refusal(rehashed(replaced(honest, "source.safetensors", "\"subset-query\"", "\"Subset-query\""))) != "");
    CHECK(refusal(rehashed(replaced(honest, "source.safetensors", R"("sha256":")", R"("sha256":"0)"))) != "");
  }
  const Files direct = of_subset_query(folder, kRebuilt[0]);
  CHECK(refusal(replaced(direct, "manifest.json", "subset-query -> orthogonal-vectors", "subset-query -> gap-max-ip")) != "");
}

TEST_CASE("bundles of an unknown source: other words of the command are named, and none of the known ones may be missing") {
  CHECK(checker::other_words("reduce a --to b --route direct", "reduce a --to b --route direct") == "");
  CHECK(checker::other_words("reduce a --to b -k 3 --route direct --own", "reduce a --to b --route direct") == "-k 3 --own");
  for (const std::string wrong : {"", "reduce a --to b", "reduce a --to b --route hermitian", "reduce a --route direct --to b"})
    CHECK(message_of<checker::Rejected>([&] { checker::other_words(wrong, "reduce a --to b --route direct"); }).find("command") !=
          std::string::npos);
}

TEST_CASE("gapwright-check --bundle: an unknown source is exit code 4 with one line about it") {
  const TemporaryFolder folder;
  of_subset_query(folder, {"--to", "attention"});
  REQUIRE(run_in(folder.path(), {"reduce", "s.safetensors", "--to", "attention", "-o", "b/", "--quiet"}).code == 0);
  const Finished found = run_in(folder.path(), {"--bundle", "b"}, {}, tested_checker());
  CHECK(found.code == 4);
  CHECK(found.err == "");
  CHECK(found.out.starts_with("partly: subset-query -> attention of order 2: "));
  CHECK(found.out.ends_with("30 tuples\nnot checked: " + kStep + "\n"));
}
