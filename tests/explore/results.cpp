#include "explore/results.hpp"

#include "instances/errors.hpp"
#include "tests/support.hpp"

namespace gapwright {
namespace {

const std::string kFirst = R"({"record":"point","key":"a","x":1})"
                           "\n",
                  kSecond = R"({"record":"point","key":"b","x":2})"
                            "\n";

TEST_CASE("results: the last record of a key counts, a cut last line is left out") {
  const std::string again = R"({"record":"point","key":"a","x":3})"
                            "\n";
  const Results results = parse_results(kFirst + kSecond + again + R"({"record":"po)", "r.jsonl");
  REQUIRE(results.records.size() == 2);
  CHECK(results.records[0]["x"] == 3);
  CHECK(results.cut);
  CHECK(results.whole_bytes == kFirst.size() + kSecond.size() + again.size());
  CHECK(results.of_kind("point").size() == 2);
  CHECK(results.of_kind("boundary").empty());
  CHECK(!parse_results(kFirst, "r").cut);
}

TEST_CASE("results: a line that is none is named with its place") {
  for (const char* line : {"nonsense", "[1]", "{}", R"({"record":"point"})", R"({"record":1,"key":"a"})"}) {
    const std::string message = test::message_of<BadInstance>([&] { parse_results(kFirst + line + "\n" + kSecond, "r.jsonl"); });
    CHECK(message.starts_with("r.jsonl:2: "));
  }
}

TEST_CASE("results: a file of something else whose last line has no end is refused and left alone") {
  const test::TemporaryFolder folder;
  for (const std::string text : {"notes of mine", "\n\nnotes", "{\"a\":1}", "{\"record\": 1"}) {
    const std::string path = folder.file("notes.txt", text);
    CHECK_THROWS_AS(ResultsLog{path}, BadInstance);
    CHECK(test::read_text(path) == text);
  }
  for (const std::string text : {"{", "{\"rec", "{\"record\":\"po"}) CHECK(parse_results(text, "r").cut);
}

TEST_CASE("results: a file goes on after a cut, with all that was whole") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("r.jsonl", kFirst + kSecond.substr(0, 12));
  {
    ResultsLog log(path);
    CHECK(log.was_cut());
    CHECK(log.has("a"));
    CHECK(!log.has("b"));
    CHECK(test::read_text(path) == kFirst);
    log.append(Record::parse(kSecond));
    CHECK(log.has("b"));
  }
  CHECK(test::read_text(path) == kFirst + kSecond);
  CHECK(!ResultsLog(path).was_cut());
  CHECK_THROWS_AS(ResultsLog(folder.path().string()), std::invalid_argument);
  CHECK_THROWS_AS(ResultsLog(folder.file("no/such/folder")), std::invalid_argument);
}

}  // namespace
}  // namespace gapwright
