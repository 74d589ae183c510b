// SPDX-License-Identifier: MIT
#include <gmpxx.h>

#include "tests/cli/bundle_files.hpp"

using namespace gapwright::test;
using namespace gapwright::test::bundle;

namespace {

const std::string kSmall = data_file("yes/six-variables.cnf"), kNo = data_file("no/both-units.cnf");

}  // namespace

TEST_CASE("bundles on the direct route are built again and accepted, in every layout") {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> all{
      {kSmall, "--to", "attention"},
      {kSmall, "-k", "2", "--to", "attention", "--square", "--entry-dtype", "bf16"},
      {kSmall, "-k", "4", "--to", "attention", "--causal", "--expect"},
      {kSmall, "-k", "2", "--to", "attention", "--causal", "--square", "--entry-dtype", "f16"},
      {kSmall, "-k", "3", "--to", "attention", "--entry-dtype", "f32"},
      {kNo, "-k", "3", "--to", "attention", "--expect"},
      {kNo, "-k", "3", "--to", "attention", "--causal"},
      {kSmall, "-k", "2", "--to", "attention", "--centred", "--causal", "--entry-dtype", "f32"},
      {data_file("yes/tautologies.cnf"), "-k", "2", "--to", "attention", "--centred"},
      {data_file("yes/no-clauses.cnf"), "-k", "2", "--to", "attention"},
      {kSmall, "-k", "5", "--to", "orthogonal-vectors", "--expect"}};
  for (const auto& arguments : all) {
    CAPTURE(arguments.size());
    const Files files = made(folder, arguments);
    const auto accepted = check(files);
    CAPTURE(accepted.text);
    CHECK(accepted.unchecked.empty());
    CHECK(accepted.text.find("built again") != std::string::npos);
  }
}

TEST_CASE("bundles of vectors are built again, .npy included") {
  const TemporaryFolder folder;
  REQUIRE(run_in(folder.path(), {"gen", "orthogonal-vectors", "--vectors", "7", "--dimension", "9", "-k", "3", "--plant", "-o",
                                 "v.safetensors", "--quiet"})
              .code == 0);
  CHECK(check(made(folder, {"v.safetensors", "--to", "attention", "--square"})).unchecked.empty());
  CHECK(check(made(folder, {data_file("npy/three-sets.npy"), "--to", "attention"})).unchecked.empty());
  CHECK(check(made(folder, {data_file("npy/x0.npy"), data_file("npy/x1.npy"), "--to", "attention"})).unchecked.empty());
}

TEST_CASE("bundles through codes: numbers, sizes and tuples are checked, and what is not is said") {
  const TemporaryFolder folder;
  const std::vector<std::vector<std::string>> all{
      {kSmall, "-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "--form", "factored"},
      {kNo, "-k", "2", "--to", "gap-max-ip", "--route", "reed-solomon", "--field", "5", "--blocks", "2", "--block-length", "2",
       "--form", "explicit", "--advice", "1"},
      {kSmall, "-k", "2", "--to", "attention", "--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2",
       "--gadget", "characters", "--advice", "3"},
      {kSmall, "-k", "2", "--to", "attention", "--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2"},
      {kSmall, "-k", "2", "--to", "attention", "--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2",
       "--embedding", "paper"},
      {kSmall, "-k", "2", "--to", "gap-max-ip", "--route", "tower", "--form", "factored"}};
  for (const auto& arguments : all) {
    const Files files = made(folder, arguments);
    const auto accepted = check(files);
    CAPTURE(accepted.text);
    const auto names = [&](const std::string& what) {
      return std::any_of(accepted.unchecked.begin(), accepted.unchecked.end(),
                         [&](const std::string& line) { return line.find(what) != std::string::npos; });
    };
    const auto has = [&](const std::string& word) {
      return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
    };
    CHECK(names("entries"));
    CHECK(names("length, degree and message"));
    CHECK(names("of the gadget") == !has("factored"));
    CHECK(names("entry_bound") == (has("characters") && has("attention")));
    CHECK(accepted.text.find("tuples") != std::string::npos);
  }
}

TEST_CASE("bundles: every changed leaf of a manifest is refused") {
  const TemporaryFolder folder;
  std::size_t mutants = 0;
  CHECK(accepted_mutants(made(folder, {kSmall, "-k", "3", "--to", "attention"}), mutants) == 0);
  CHECK(accepted_mutants(made(folder, {kSmall, "-k", "2", "--to", "orthogonal-vectors"}), mutants) == 0);
  CHECK(accepted_mutants(made(folder, {kSmall, "-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "--form", "factored"}),
                         mutants) == 0);
  CHECK(accepted_mutants(made(folder, {kSmall, "-k", "2", "--to", "attention", "--route", "reed-solomon", "--field", "5",
                                       "--blocks", "4", "--block-length", "2", "--gadget", "characters", "--advice", "3"}),
                         mutants) == 0);
  CHECK(mutants > 400);
}

TEST_CASE("bundles: changed targets, lift tables and sources are refused, with their hashes put right too") {
  const TemporaryFolder folder;
  const Files honest = made(folder, {kSmall, "-k", "3", "--to", "attention"});
  REQUIRE(refusal(rehashed(honest)) == "");
  std::size_t tried = 0;
  const auto refused = [&](Files files) {
    ++tried;
    CHECK(refusal(files) != "");
    CHECK(refusal(rehashed(files)) != "");
  };
  const std::string& target = honest.at("target.safetensors");
  for (std::size_t i = 0; i < 40; ++i) {  // bits of the data, from its end
    Files files = honest;
    files["target.safetensors"][target.size() - 1 - i * 29] ^= static_cast<char>(1 << (i % 8));
    refused(files);
  }
  for (const auto& [from, to] : {std::pair{"0.492307", "0.492308"},
                                 {"0.057142857", "0.057142856"},
                                 {"3.81333", "3.81334"},
                                 {"\"direct\"", "\"sharp\""},
                                 {"0.10000000000000001", "0.1000000000000001"}}) {
    Files files = honest;
    std::string& text = files["target.safetensors"];
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, std::string(to).size(), to);
    refused(files);
  }
  for (const auto& [from, to] : {std::pair{"[4,4,4]", "[4,4,3]"},
                                 {"[[1,2],[3,4],[5,6]]", "[[2,1],[3,4],[5,6]]"},
                                 {"[[1,2],[3,4],[5,6]]", "[[1,2],[3,4]]"},
                                 {"cnf -> orthogonal-vectors", "cnf -> gap-max-ip"},
                                 {"\"rows\":[4,4,4]", "\"rows\":[5,4,4]"},
                                 {"\"to\": \"cnf\"", "\"to\": \"sat\""},
                                 {"[\n", "[\n{},"}}) {
    Files files = honest;
    std::string& text = files["lift.json"];
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, std::string(from).size(), to);
    refused(files);
  }
  Files other_source = honest;
  other_source["source.cnf"] = read_text(data_file("no/both-units.cnf"));
  refused(other_source);
  Files swapped = honest;
  std::swap(swapped["lift.json"], swapped["target.safetensors"]);
  refused(swapped);
  Files own_rule = honest;  // the table may say what the manifest says of witnesses, and nothing else
  own_rule["lift.json"].replace(own_rule["lift.json"].find("\"steps\""), 7, R"("witness": {"unit":"1","least":1}, "steps")");
  refused(own_rule);
  CHECK(tried == 40 + 5 + 7 + 3);
  own_rule["lift.json"].replace(own_rule["lift.json"].find("least\":1"), 8, "least\":null");
  CHECK(refusal(rehashed(own_rule)) == "");
  Files without_rule = made(folder, {kSmall, "-k", "2", "--to", "attention", "--route", "reed-solomon"});
  REQUIRE(refusal(rehashed(without_rule)) == "");
  std::string& table = without_rule["lift.json"];
  const auto key = table.find("\"witness\"");
  REQUIRE(key != std::string::npos);
  table.erase(key, table.find("\"steps\"") - key);
  CHECK(refusal(rehashed(without_rule)).find("lift table: witness") != std::string::npos);
  Files missing = honest;
  missing.erase("lift.json");
  CHECK(refusal(missing) != "");
}

namespace {

/// The bundle with a part of its command, and these numbers of the protocol's step, changed wherever they stand.
Files protocol_changed(Files files, const std::string& from, const std::string& to,
                       const std::vector<std::pair<std::string, std::string>>& numbers = {}) {
  REQUIRE(from.size() == to.size());  // the target's header keeps its length
  for (const char* name : {"target.safetensors", "manifest.json"}) {
    std::string& text = files.at(name);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  }
  Json manifest = Json::parse(files.at("manifest.json"));
  for (Json& step : manifest["path"])
    if (step["rule"] == "orthogonal-vectors -> gap-max-ip")
      for (const auto& [key, value] : numbers)
        for (const char* part : {"parameters", "predicted", "measured"})
          if (step[part].contains(key)) step[part][key] = value;
  files["manifest.json"] = manifest.dump(2);
  return honest_again(files);
}

std::string power_text(unsigned long base, unsigned long exponent) {
  mpz_class power;
  mpz_ui_pow_ui(power.get_mpz_t(), base, exponent);
  return power.get_str();
}

Files of_other_family(const Files& files) {
  return protocol_changed(files, "--route hermitian", "--route ree-curve", {{"route", "ree-curve"}});
}

}  // namespace

TEST_CASE("bundles through codes of a family that the checker does not know: what holds for every family is checked") {
  const TemporaryFolder folder;
  const Files known = made(folder, {kSmall, "-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "--field", "9", "--form",
                                    "factored", "--blocks", "2", "--advice", "3"});
  const Json step = Json::parse(known.at("manifest.json"))["path"][1];
  const Files other = of_other_family(known);
  CHECK(refusal(other) == "");
  std::string said;
  for (const std::string& line : check(other).unchecked) said += line + "\n";
  CHECK(said.find("block_length, targets, length and level: the family of codes 'ree-curve' is not known here, so only what "
                  "holds for all of them") != std::string::npos);
  for (const std::string& line : check(known).unchecked) CHECK(line.find("is not known here") == std::string::npos);

  const auto number = [&](const char* key) { return std::stoull(step["parameters"][key].get<std::string>()); };
  const std::uint64_t K = number("block_length"), D = number("degree"), L = number("length");
  REQUIRE(K < 9);
  REQUIRE(K != D + 1);  // else the bound of K were its law
  const std::string targets = step["predicted"]["targets"].get<std::string>(), block = "--block-length ";
  const auto one_more = [&](const char* key, int by) {
    return std::pair<std::string, std::string>{key, std::to_string(static_cast<long long>(number(key)) + by)};
  };
  struct Fault {
    std::vector<std::pair<std::string, std::string>> numbers;
    std::string from, to, why;  ///< in the command, and of the refusal
  };
  const std::string same = "--blocks 2";
  const std::vector<Fault> faults{
      {{{"targets", mpz_class(mpz_class(targets) + 1).get_str()}}, same, same, "targets is not a power of Q"},
      {{{"targets", mpz_class(mpz_class(targets) - 1).get_str()}}, same, same, "targets is not a power of Q"},
      {{{"targets", "0" + targets}}, same, same, "targets is not a power of Q"},
      {{{"targets", "1"}}, same, same, "targets are fewer"},
      {{{"targets", power_text(9, 2 * D + 2 - K)}}, same, same, "targets are more"},
      {{{"block_length", std::to_string(D + 2)}}, block + std::to_string(K), block + std::to_string(D + 2), "from 1 to D + 1"},
      {{{"block_length", "0"}}, block + std::to_string(K), block + "0", "from 1 to D + 1"},
      {{one_more("block_length", 1)}, same, same, "the command is not the one"},
      {{one_more("block_length", -1)}, same, same, "the command is not the one"},
      {{one_more("degree", 1)}, same, same, "no_at_most"},
      {{one_more("degree", -1)}, same, same, "no_at_most"},
      {{{"degree", std::to_string((L + 1) / 2)}}, same, same, "k D must be below L"},
      {{one_more("length", 1)}, same, same, "target_bits"},
      {{one_more("length", -1)}, same, same, "target_bits"},
      {{{"blocks", "1"}}, same, "--blocks 1", "the blocks do not hold the vectors"},
      {{{"blocks", "3"}}, same, "--blocks 3", "not fewer than the characteristic"},
      {{{"field", "8"}}, "--field 9", "--field 8", "not fewer than the characteristic"},
      {{{"field", "6"}}, "--field 9", "--field 6", "no field has so many elements"},
      {{{"level", "1"}}, same, same, "the command is not the one"},
      {{{"message", "4"}}, same, same, "the command is not the one"},
      {{{"no_at_most", std::to_string(2 * D + 1)}}, same, same, "no_at_most"},
      {{{"yes_at_least", std::to_string(L - 1)}}, same, same, "yes_at_least"},
      {{{"route", "Ree curve"}}, "--route ree-curve", "--route Ree curve", "there is no such route"},
  };
  for (const Fault& fault : faults) {
    CAPTURE(fault.numbers.front().first);
    CAPTURE(fault.numbers.front().second);
    const std::string why = refusal(protocol_changed(other, fault.from, fault.to, fault.numbers));
    CAPTURE(why);
    CHECK(why.find(fault.why) != std::string::npos);
  }
  std::size_t mutants = 0;
  CHECK(accepted_mutants(other, mutants) == 0);
  CHECK(mutants > 100);
}

TEST_CASE("gapwright-check --bundle: exit codes and messages") {
  const TemporaryFolder folder;
  const auto check_folder = [&](const std::string& name, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--bundle", name});
    return run_in(folder.path(), more, {}, tested_checker());
  };
  REQUIRE(run_in(folder.path(), {"reduce", kSmall, "-k", "2", "--to", "attention", "-o", "direct/", "--quiet"}).code == 0);
  REQUIRE(
      run_in(folder.path(), {"reduce", kSmall, "-k", "2", "--to", "gap-max-ip", "--route", "hermitian", "-o", "code/", "--quiet"})
          .code == 0);
  const Finished direct = check_folder("direct"), code = check_folder("code");
  CHECK(direct.code == 0);
  CHECK(direct.out.starts_with("accepted: cnf -> attention of order 2: "));
  CHECK(code.code == 4);
  CHECK(code.out.starts_with("partly: cnf -> gap-max-ip of order 2: "));
  CHECK(code.out.find("not checked: that the entries") != std::string::npos);
  write_text(folder.file("direct/lift.json"), "{}");
  const Finished changed = check_folder("direct");
  CHECK(changed.code == 3);
  CHECK(changed.out.starts_with("rejected: lift.json: has 2 bytes"));
  CHECK(check_folder("nowhere").code == 6);
  CHECK(check_folder("code", {"more.json"}).code == 2);
}

TEST_CASE("bundles: large ones are sampled, and that is said") {
  const TemporaryFolder folder;
  REQUIRE(
      run_in(folder.path(), {"gen", "random-ksat", "--variables", "26", "--clauses", "40", "--seed", "2", "-o", "f.cnf"}).code ==
      0);
  const auto accepted = check(made(folder, {"f.cnf", "-k", "4", "--to", "orthogonal-vectors"}));
  CHECK(accepted.text.find("4096 of 67108864 tuples") != std::string::npos);
  CHECK(accepted.unchecked.size() == 1);
}
