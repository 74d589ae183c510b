// SPDX-License-Identifier: MIT
#include "tests/cli/program.hpp"

#include <sstream>

namespace gapwright::test {
namespace {

const std::vector<std::string> kSweep{"explore",       "regime",  "--orders",       "2",   "--rows", "8",
                                      "--of-deciding", "0.3,1.2", "--max-features", "100", "-o",     "r.jsonl"};

TEST_CASE("explore regime: a results file goes on after a cut, and the sentence says so") {
  const TemporaryFolder folder;
  const Finished first = run_in(folder.path(), kSweep);
  CHECK(first.code == 0);
  CHECK(first.err.find("3 results computed, 0 there already") != std::string::npos);
  const std::string whole = read_text(folder.file("r.jsonl"));
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 4);
  const Finished again = run_in(folder.path(), kSweep);
  CHECK(again.err.find("0 results computed, 3 there already") != std::string::npos);
  CHECK(read_text(folder.file("r.jsonl")) == whole);
  folder.file("r.jsonl", whole.substr(0, whole.size() - 40));
  const Finished cut = run_in(folder.path(), kSweep);
  CHECK(cut.code == 0);
  CHECK(cut.err.find("r.jsonl: the last line was cut off; it is moved to r.jsonl.cut and computed again") != std::string::npos);
  CHECK(cut.err.find("1 result computed, 2 there already") != std::string::npos);
  const auto records = [](const std::string& text) {
    std::string result;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      result += without_timing(nlohmann::ordered_json::parse(line)).dump() + "\n";
    return result;
  };
  CHECK(records(read_text(folder.file("r.jsonl"))) == records(whole));
  auto forced = kSweep;
  forced.push_back("--force");
  CHECK(run_in(folder.path(), forced).err.find("3 results computed") != std::string::npos);
}

TEST_CASE("explore: bad input is one line with the remedy") {
  check_fails(run({"explore", "regime", "--rows", ""}), 2, "the sweep is empty: no rows; give --rows");
  check_fails(run({"explore", "regime", "--rows", "64..32"}), 2, "the sweep is empty");
  check_fails(run({"explore", "regime", "--orders", "2,x"}), 2, "--orders: 'x' is not a whole number");
  check_fails(run({"explore", "regime", "--of-log", "1,?"}), 2, "--of-log: '?' is not a number");
  check_fails(run({"explore", "regime", "--rows", "8", "--families", "lazy"}), 2, "unknown family 'lazy'");
  check_fails(run({"explore", "regime", "-k", "8", "--rows", "1000000"}), 5, "tuples");
  check_fails(run({"explore", "routes", "--log2-rows", ""}), 2, "the sweep is empty: no sizes");
  check_fails(run({"explore", "orders", "--variables", ""}), 2, "the sweep is empty: no variables");
  check_fails(run({"explore", "plot", "missing.jsonl", "-o", "pictures"}), 6, "missing.jsonl");
  const TemporaryFolder folder;
  folder.file("r.jsonl", "{\"record\":\"sweep\",\"key\":\"a\"}\nnot json\n");
  check_fails(run_in(folder.path(), {"explore", "report", "r.jsonl"}), 6, "r.jsonl:2: not a line of results");
  folder.file("notes.txt", "notes of mine");
  check_fails(run_in(folder.path(), {"explore", "regime", "--rows", "8", "-o", "notes.txt"}), 6,
              "notes.txt:1: not a line of results");
  CHECK(read_text(folder.file("notes.txt")) == "notes of mine");
  check_fails(run({"explore", "regime", "--rows", "8", "--of-log", "1e9"}), 2, "--of-log takes multiples");
  check_fails(run({"explore", "gradient", "--rows", "8", "--of-deciding", "1e7"}), 2, "--of-deciding takes multiples");
  const TemporaryFolder other;
  CHECK(run_in(other.path(), kSweep).code == 0);
  std::string whole = read_text(other.file("r.jsonl"));
  const std::string wanted = "\"gap_wanted\":0.25";
  REQUIRE(whole.find(wanted) != std::string::npos);
  folder.file("typed.jsonl", whole.replace(whole.find(wanted), wanted.size(), "\"gap_wanted\":\"x\""));
  check_fails(run_in(folder.path(), {"explore", "report", "typed.jsonl"}), 6, "typed.jsonl:2: a \"boundary\" record");
  check_fails(run_in(folder.path(), {"explore", "plot", "typed.jsonl", "-o", "pictures"}), 6,
              "typed.jsonl:2: a \"boundary\" record");
  folder.file("empty.jsonl", "");
  check_fails(run_in(folder.path(), {"explore", "report", "empty.jsonl"}), 6, "there are no results in it");
}

TEST_CASE("explore: -k gives the order, - is standard output, tables and JSON agree") {
  const Finished lines =
      run({"explore", "regime", "-k", "3", "--rows", "8", "--of-deciding", "", "--families", "tight", "--quiet"});
  CHECK(lines.code == 0);
  CHECK(lines.err == "");
  CHECK(lines.out.find("\"order\":3") != std::string::npos);
  CHECK(lines.out.find("\"order\":2") == std::string::npos);
  const Finished table = run({"explore", "orders", "--orders", "2,3", "--variables", "12", "--embeddings", "sharp"});
  const auto json = run({"explore", "orders", "--orders", "2,3", "--variables", "12", "--embeddings", "sharp", "--json"}).json();
  REQUIRE(json.size() == 2);
  CHECK(table.out.find(std::to_string(json[1]["dimension"].get<int>())) != std::string::npos);
  CHECK(json[1]["deciding_measured"].get<double>() < json[0]["deciding_measured"].get<double>());
}

}  // namespace
}  // namespace gapwright::test
