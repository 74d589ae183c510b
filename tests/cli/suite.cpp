// SPDX-License-Identifier: MIT
// gen suite-2026: the bytes are the published ones, and every answer is decided again.
#include "support/sha256.hpp"
#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

namespace {

/// The suite, written once for all cases below.
const TemporaryFolder& suite() {
  static const TemporaryFolder folder;
  static const Finished made = run_in(folder.path(), {"gen", "suite-2026", "-o", "s/"});
  if (made.code != 0) throw std::runtime_error("gen suite-2026 failed: " + made.err);
  return folder;
}

nlohmann::ordered_json instances() { return run({"gen", "suite-2026", "--json"}).json()["instances"]; }

/// Without what tells of its making: comments, or the header of a safetensors file.
std::string content(const std::string& bytes, bool formula) {
  if (!formula) {
    std::uint64_t header = 0;
    for (int i = 7; i >= 0; --i) header = header * 256 + static_cast<unsigned char>(bytes[static_cast<std::size_t>(i)]);
    return bytes.substr(8 + header);
  }
  std::istringstream lines(bytes);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (line.empty() || line[0] != 'c') kept += line + "\n";
  return kept;
}

void decide_all(const std::string& problem, const std::vector<std::string>& command) {
  std::size_t yes = 0, no = 0;
  for (const auto& instance : instances()) {
    if (instance["problem"].get<std::string>() != problem) continue;
    CAPTURE(instance["file"].get<std::string>());
    std::vector<std::string> words = command;
    words.push_back("s/" + instance["file"].get<std::string>());
    words.push_back("--json");
    const Finished decided = run_in(suite().path(), words);
    REQUIRE(decided.code == 0);
    CHECK(decided.json()["verdict"] == instance["expected"]);
    ++(instance["expected"] == "yes" ? yes : no);
  }
  CHECK(yes > 0);
  CHECK(no > 0);
}

}  // namespace

TEST_CASE("suite-2026: contents have the published hashes, and the folder holds its table") {
  const auto all = instances();
  CHECK(all.size() == 21);
  for (const auto& instance : all) {
    const std::string bytes = read_text(suite().path() / "s" / instance["file"].get<std::string>());
    CHECK(sha256_hex(content(bytes, instance["problem"] == "cnf")) == instance["content_sha256"].get<std::string>());
  }
  CHECK(nlohmann::ordered_json::parse(read_text(suite().path() / "s" / "suite.json"))["instances"] == all);
  CHECK(std::distance(std::filesystem::directory_iterator(suite().path() / "s"), std::filesystem::directory_iterator()) == 22);
}

TEST_CASE("suite-2026: formulas have the stated answers") { decide_all("cnf", {"decide"}); }
TEST_CASE("suite-2026: vectors have the stated answers") { decide_all("orthogonal-vectors", {"decide"}); }
TEST_CASE("suite-2026: Gap-k-MaxIP instances have the stated answers") { decide_all("gap-max-ip", {"decide"}); }
TEST_CASE("suite-2026: attention inputs have the stated answers") { decide_all("attention", {"decide"}); }

TEST_CASE("suite-2026: a folder that holds files is left alone") {
  const TemporaryFolder folder;
  folder.file("mine.txt", "kept");
  check_fails(run_in(folder.path(), {"gen", "suite-2026", "-o", "."}), 2, "holds other files");
  CHECK(read_text(folder.path() / "mine.txt") == "kept");
  CHECK(folder.entries() == 1);
}
