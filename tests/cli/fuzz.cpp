// SPDX-License-Identifier: MIT
#include "explore/fuzz/rules.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright::test;

TEST_CASE("fuzz command: a clean campaign, the same whatever the threads, as text and JSON") {
  const Finished one = run({"fuzz", "all", "--cases", "6", "--json", "-j", "1", "--seed", "9"}),
                 two = run({"fuzz", "all", "--cases", "6", "--json", "-j", "2", "--seed", "9"});
  CHECK(one.code == 0);
  CHECK(without_timing(one.json()) == without_timing(two.json()));
  CHECK(one.json()["clean"] == true);
  CHECK(one.json()["rules"].size() == gapwright::fuzzed_rules().size());
  for (const auto& rule : one.json()["rules"]) CHECK(rule["cases"] == 6);
  const Finished text = run({"fuzz", "merlin_arthur", "--cases", "5"});
  CHECK(text.code == 0);
  CHECK(text.out.find("merlin_arthur") != std::string::npos);
  CHECK(text.out.find("clean, seed 1") != std::string::npos);
  CHECK(run({"fuzz", "--help"}).out.find("fuzz all --cases 0") != std::string::npos);
  CHECK(run({"fuzz", "all", "--cases", "0"}).out.find("gap_max_ip_forms") != std::string::npos);
  CHECK(run({"fuzz", "sat_to_orthogonal_vectors", "--exhaustive", "1", "--json"}).json()["rules"][0]["cases"] == 2 + 5);
}

TEST_CASE("fuzz command: mutants are killed, and -o holds a file for each that replays, a wrong claim in it is exit 3") {
  const TemporaryFolder folder;
  const Finished finished =
      run_in(folder.path(), {"fuzz", "sat_to_orthogonal_vectors", "--cases", "40", "--mutants", "-o", "found"});
  CHECK(finished.code == 0);
  CHECK(finished.out.find("11 mutants: 11 killed, 0 survived") != std::string::npos);
  const std::string file = folder.file("found/sat_to_orthogonal_vectors-mutant-lost-bit.json");
  CHECK(run({"fuzz", "--replay", file}).code == 0);
  std::string text = read_text(file);
  const auto place = text.find("\"oracle\": \"");
  text.replace(place, text.find(',', place) - place, "\"oracle\": \"size\"");
  write_text(file, text);
  const Finished wrong = run({"fuzz", "--replay", file});
  CHECK(wrong.code == 3);
  CHECK(wrong.out.find("survives 'size'") != std::string::npos);
  // Too few cases: a mutant that was never given its chance is no success.
  const Finished few = run({"fuzz", "sat_to_orthogonal_vectors", "--cases", "0", "--mutants"});
  CHECK(few.code == 3);
  CHECK(few.out.find("CHANGED NOTHING") != std::string::npos);
}

TEST_CASE("fuzz command: bad arguments and files are one line") {
  check_fails(run({"fuzz", "sat"}), 2, "there is no rule 'sat' to fuzz; there are: all, sat_to_orthogonal_vectors");
  check_fails(run({"fuzz", "all", "--cases", "many"}), 2, "not a whole number");
  check_fails(run({"fuzz", "all", "--exhaustive", "4"}), 5, "--exhaustive 3 or less");
  check_fails(run({"fuzz", "--replay", data_file("yes/uf20-01.cnf")}), 6, "not a regression file");
  check_fails(run({"fuzz", "--replay", "missing.json"}), 6, "missing.json");
  const TemporaryFolder folder;
  const std::string file = folder.file("plain", "");
  check_fails(run({"fuzz", "all", "--cases", "1", "-o", file}), 2, "no folder");
}
