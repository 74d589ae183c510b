// SPDX-License-Identifier: MIT
#include "explore/regime/results.hpp"

#include "support/errors.hpp"
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
  CHECK(results.cut == R"({"record":"po)");
  CHECK(!results.ends_in_record);
  CHECK(results.of_kind("point").size() == 2);
  CHECK(results.of_kind("boundary").empty());
  CHECK(parse_results(kFirst, "r").cut.empty());
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
  for (const std::string text : {"{", "{\"rec", "{\"record\":\"po"}) CHECK(parse_results(text, "r").cut == text);
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
    CHECK(test::read_text(path + ".cut") == kSecond.substr(0, 12) + "\n");
    log.append(Record::parse(kSecond));
    CHECK(log.has("b"));
  }
  CHECK(test::read_text(path) == kFirst + kSecond);
  CHECK(!ResultsLog(path).was_cut());
  CHECK_THROWS_AS(ResultsLog(folder.path().string()), std::invalid_argument);
  CHECK_THROWS_AS(ResultsLog(folder.file("no/such/folder")), std::invalid_argument);
}

TEST_CASE("results: a last record without a line end is a record, and whatever else is there is kept") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("r.jsonl", kFirst + kSecond.substr(0, kSecond.size() - 1));
  {
    ResultsLog log(path);
    CHECK(!log.was_cut());
    CHECK(log.has("b"));
    log.append({{"record", "point"}, {"key", "c"}});
  }
  CHECK(test::read_text(path) == kFirst + kSecond + "{\"record\":\"point\",\"key\":\"c\"}\n");
  const std::string noted = folder.file("n.jsonl", kFirst + "a note of mine");
  CHECK(ResultsLog(noted).was_cut());
  CHECK(test::read_text(noted) == kFirst);
  CHECK(test::read_text(noted + ".cut") == "a note of mine\n");
  const std::string inside = folder.file("i.jsonl", kFirst + "a note of mine\n" + kSecond);
  CHECK_THROWS_AS(ResultsLog{inside}, BadInstance);
  CHECK(test::read_text(inside) == kFirst + "a note of mine\n" + kSecond);
}

TEST_CASE("results: a second process may not write to the same file") {
  const test::TemporaryFolder folder;
  const std::string path = folder.file("r.jsonl", kFirst);
  const ResultsLog log(path);
  CHECK(test::message_of<std::invalid_argument>([&] { ResultsLog{path}; }).find("another process writes") != std::string::npos);
}

TEST_CASE("results: names are words of sweeps and sizes are in range") {
  const auto message = [](const std::string& members) {
    return test::message_of<BadInstance>(
        [&] { parse_results(kFirst + R"({"record":"boundary","key":"b",)" + members + "}\n", "r.jsonl"); });
  };
  CHECK(message(R"("family":"a\n!id>pwned\n#")") == "r.jsonl:2: \"family\" is not planted, tight or ksat; remove the line");
  for (const char* members :
       {R"("embedding":"sharp'\n")", R"("route":"../x")", R"("gadget":"`id`")", R"("formula":{"route":"<id"})",
        R"("exact":{"decision":"yes"})", R"("polynomial":{"decision":""})", R"("order":1000000000)", R"("rows":0)",
        R"("log2_rows":1e300)", R"("per_log":-1)", R"("dimension_measured":"1e5")", R"("models":"-1")", R"("gap_kind":"x")",
        R"("command":"explore regime; id")", R"("command":"explore regime --rows '16")", R"("command":"explore regime\n")",
        R"("version":"`id`")", R"("version":"1<b>")"})
    CHECK(message(members).starts_with("r.jsonl:2: "));
  for (const char* members : {R"("family":"ksat")", R"("embedding":null)", R"("gadget":"none")", R"("reason":"'\n!id")",
                              R"("command":"explore regime --of-deciding '0.5,1e-05' --delta 1/16")",
                              R"("dimension":"123456789012345678901234567890")"})
    CHECK(parse_results(R"({"record":"boundary","key":"b",)" + std::string(members) + "}\n", "r").records.size() == 1);
}

}  // namespace
}  // namespace gapwright
