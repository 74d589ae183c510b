// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/cli/program.hpp"

using namespace gapwright::test;

namespace {

const std::string kProgram = tested_program();

/// fuzz --exec with a shell script that sees {in} as $1 and {out} as $2.
std::vector<std::string> scripted(const std::string& script, std::vector<std::string> more) {
  std::vector<std::string> arguments{"fuzz", "--exec", "/bin/sh -c '" + script + "' sh {in} {out}", "-k", "2", "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::vector<std::string> with_exec(const std::string& command, std::vector<std::string> more) {
  std::vector<std::string> arguments{"fuzz", "--exec", command, "--json"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

/// A k = 2 attention file with one query and two keys, bits, whose middle output is 1/2 for every formula.
std::string fixed_target(double entry, const std::string& yes, const std::string& no) {
  std::string header =
      R"({"__metadata__":{"order":"2","softmax_scale":"1","yes_at_least":")" + yes + R"(","no_at_most":")" + no +
      R"("},"k1":{"dtype":"F64","shape":[2,1],"data_offsets":[0,16]},"q":{"dtype":"F64","shape":[1,1],"data_offsets":[16,24]},)"
      R"("v1":{"dtype":"F64","shape":[2,1],"data_offsets":[24,40]}})";
  const std::uint64_t length = header.size();
  const double data[] = {0, 0, entry, 1, 0};
  return std::string(reinterpret_cast<const char*>(&length), 8) + header +
         std::string(reinterpret_cast<const char*>(data), sizeof data);
}

}  // namespace

TEST_CASE("fuzz --exec: our own program is a correct reduction to every problem, the same report each time") {
  const Finished attention = run(with_exec(kProgram + " reduce {in} --to attention -k 3 -o {out} --quiet",
                                           {"--to", "attention", "-k", "3", "--cases", "14", "--seed", "5"}));
  CAPTURE(attention.err);
  CHECK(attention.code == 0);
  const auto json = attention.json();
  CHECK(json["result"] == "correct on all cases");
  CHECK(json["outcomes"]["agrees"] == 14);
  CHECK(json["yes"].get<int>() >= 4);
  CHECK(json["no"].get<int>() >= 4);
  CHECK(json["lifted"].is_null());
  const auto vectors = with_exec(kProgram + " reduce {in} --to orthogonal-vectors -k 2 -o {out} --quiet",
                                 {"--to", "orthogonal-vectors", "-k", "2", "--cases", "12"});
  const Finished one = run(vectors), two = run(vectors);
  CHECK(one.code == 0);
  CHECK(without_timing(one.json()) == without_timing(two.json()));
}

TEST_CASE("fuzz --exec: one message of Merlin is no many-one reduction, and the campaign says so") {
  const TemporaryFolder folder;
  const Finished gap =
      run_in(folder.path(), with_exec(kProgram + " reduce {in} --to gap-max-ip -k 2 --route reed-solomon --field 11 --blocks 10 "
                                                 "--block-length 2 --form factored --advice 0 -o {out} --quiet",
                                      {"--to", "gap-max-ip", "-k", "2", "--cases", "18", "-o", "found"}));
  CAPTURE(gap.out);
  CHECK(gap.code == 3);
  CHECK(gap.json()["outcomes"]["contradicts"].get<int>() > 0);
}

TEST_CASE("fuzz --exec: a wrong answer is shrunk to the smallest formula and written with what failed") {
  const TemporaryFolder folder;
  // Loses the last clause.
  const std::string script = "sed -e \"\\$d\" \"$1\" | sed -e \"s/^p cnf \\([0-9]*\\) .*/p cnf \\1 0/\" > less.cnf && " +
                             kProgram + " reduce less.cnf --to attention -k 2 -o \"$2\" --quiet";
  const Finished finished = run_in(folder.path(), scripted(script, {"--to", "attention", "--cases", "5", "-o", "found"}));
  CAPTURE(finished.err);
  CAPTURE(finished.out);
  CHECK(finished.code == 3);
  const auto json = finished.json();
  CHECK(json["result"] == "wrong");
  CHECK(json["outcomes"]["contradicts"].get<int>() >= 2);
  const auto failure = nlohmann::json::parse(read_text(folder.file("found/contradicts.json")));
  CHECK(failure["satisfiable"] == false);
  CHECK(failure["target"] == "yes");
  CHECK(failure["variables"] == 0);
  CHECK(failure["clauses"] == nlohmann::json::parse("[[]]"));
  CHECK(failure["files"]["target"] == "contradicts.safetensors");
  // What was written reproduces it.
  CHECK(run_in(folder.path(), {"decide", "found/contradicts.safetensors", "--json"}).json()["verdict"] == "yes");
  CHECK(run_in(folder.path(), {"decide", "found/contradicts.cnf", "--json"}).json()["verdict"] == "no");
}

TEST_CASE("fuzz --exec: crashes, time-outs, refusals, bad output and broken promises are told apart, and the campaign goes on") {
  const TemporaryFolder folder;
  const auto outcomes = [&](const std::string& script, int code, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--to", "attention", "--cases", "2"});
    const Finished finished = run_in(folder.path(), scripted(script, more));
    CAPTURE(script);
    CAPTURE(finished.err);
    CHECK(finished.code == code);
    return finished.json()["outcomes"];
  };
  const auto copied = [&](const std::string& name, const std::string& text) {
    return "cp " + folder.file(name, text) + " \"$2\"";
  };
  CHECK(outcomes("exit 3", 3)["crash"] == 2);
  CHECK(outcomes("kill -9 $$", 3)["crash"] == 2);
  CHECK(outcomes("exit 5", 4)["refused"] == 2);
  CHECK(outcomes("sleep 20", 4, {"--run-timeout", "0.1"})["timed-out"] == 2);
  CHECK(outcomes("true", 3)["bad-output"] == 2);
  CHECK(outcomes("ln -s /dev/zero \"$2\"", 3)["bad-output"] == 2);
  CHECK(outcomes("cp \"$1\" \"$2\"", 3)["bad-output"] == 2);
  CHECK(outcomes(copied("nan", fixed_target(NAN, "0.75", "0.25")), 3)["bad-output"] == 2);
  CHECK(outcomes(kProgram + " reduce \"$1\" --to attention -k 3 -o \"$2\" --quiet", 3)["bad-output"] == 2);
  CHECK(outcomes(kProgram + " reduce \"$1\" --to orthogonal-vectors -k 2 -o \"$2\" --quiet", 3)["bad-output"] == 2);
  // Every output is exactly 1/2: between the thresholds; at one of them it is kept, and then right for one formula of two.
  CHECK(outcomes(copied("between", fixed_target(1, "0.75", "0.25")), 3)["outside-promise"] == 2);
  const auto at_yes = outcomes(copied("yes", fixed_target(1, "0.5", "0.25")), 3);
  CHECK(at_yes["agrees"] == 1);
  CHECK(at_yes["contradicts"] == 1);
  CHECK(outcomes(copied("no", fixed_target(1, "0.75", "0.5")), 3)["contradicts"] == 1);
}

TEST_CASE("fuzz --exec: lift tables must lead every witness to a model, and a claimed bijection is counted") {
  const TemporaryFolder folder;
  const auto campaign = [&](const std::string& edit) {
    const std::string script =
        kProgram + " reduce \"$1\" --to attention -k 2 -o made/ --quiet && cp made/target.safetensors \"$2\" && sed -e \"" +
        edit + "\" made/lift.json > \"$3\"";
    return run_in(folder.path(), {"fuzz", "--exec", "/bin/sh -c '" + script + "' sh {in} {out} {lift}", "--to", "attention", "-k",
                                  "2", "--cases", "9", "--json"});
  };
  const Finished honest = campaign("s/steps/bijection\\\": true, \\\"steps/");
  CAPTURE(honest.err);
  CAPTURE(honest.out);
  CHECK(honest.code == 0);
  CHECK(honest.json()["lifted"].get<int>() > 10);
  const Finished swapped =
      campaign("s/\\[\\[1\\],\\[2\\]\\]/[[2],[1]]/");  // harmless but for formulas that tell the variables apart
  CHECK(swapped.json()["outcomes"]["lift-fails"].get<int>() == 0);
  const Finished reversed = campaign("s/\\[\\[1,2\\],\\[3\\]\\]/[[2,1],[3]]/");
  CHECK(reversed.code == 3);
  CHECK(reversed.json()["failures"][0]["reason"].get<std::string>().find("violates 1 of 1 clauses") != std::string::npos);
  const Finished unreadable = campaign("s/gapwright-lift-1/lift/");
  CHECK(unreadable.json()["outcomes"]["bad-output"] == 9);
}

TEST_CASE("fuzz --exec: bad arguments are one line") {
  check_fails(run({"fuzz", "--exec", "p {in} {out}"}), 2, "--to");
  check_fails(run({"fuzz", "--to", "attention"}), 2, "--exec");
  check_fails(run({"fuzz", "--exec", "p {in}", "--to", "attention"}), 2, "must name {in} and {out}");
  check_fails(run({"fuzz", "--exec", "no-such-program {in} {out}", "--to", "attention", "--cases", "1"}), 2,
              "no-such-program cannot be run");
  check_fails(run({"fuzz", "all", "--exec", "p {in} {out}", "--to", "attention"}), 2, "excludes");
  check_fails(run({"fuzz", "--exec", "p {in} {out}", "--to", "cnf"}), 2, "--to");
}
