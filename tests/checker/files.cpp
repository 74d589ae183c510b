// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "checker/check.hpp"
#include "checker/dimacs.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/json.hpp"
#include "checker/safetensors.hpp"
#include "instances/files/dimacs.hpp"
#include "support/decimal.hpp"
#include "support/philox.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

template <class Work>
std::string outcome(Work work) {
  try {
    work();
    return "fine";
  } catch (const checker::Rejected& e) {
    return std::string("rejected: ") + e.what();
  } catch (const checker::BadInput& e) {
    return std::string("bad: ") + e.what();
  } catch (const checker::Limit& e) {
    return std::string("limit: ") + e.what();
  }
}

std::string of_certificate(const std::string& text) {
  return outcome([&] { checker::check({"c", text}, {{"i", "p cnf 1 1\n1 0\n"}}); });
}

const std::string kHash = "0d7f6ae5cf7a3a2cbb4c8b0a2aab4b9b8e7e9b0ff4c2a7a1d0b5b1d9c6f2e3a4";

}  // namespace

TEST_CASE("certificates that are no certificates") {
  CHECK(of_certificate("").starts_with("bad: "));
  CHECK(of_certificate("p cnf 1 1").starts_with("bad: "));
  CHECK(of_certificate("{\"claim\": {}, \"informative\": {}").starts_with("bad: "));
  for (const char* text :
       {"{}", "[]", "1", "null", "{\"claim\": {}}", "{\"claim\": {}, \"informative\": 1}", "{\"claim\": [], \"informative\": {}}",
        "{\"claim\": {}, \"informative\": {}, \"more\": 1}", "{\"claim\": {}, \"claim\": {}, \"informative\": {}}"})
    CHECK(of_certificate(text).starts_with("rejected: "));
  CHECK(of_certificate("{\"claim\": {\"format\": \"gapwright-certificate-1\", \"format\": 1}, \"informative\": {}}")
            .find("twice") != std::string::npos);
  const std::string deep(1'000'000, '[');
  CHECK(of_certificate(deep).starts_with("rejected: "));
  CHECK(of_certificate("{\"claim\": {\"problem\": " + deep).starts_with("rejected: "));
  CHECK(of_certificate("{\"informative\": " + deep).starts_with("bad: "));
}

TEST_CASE("informative is never read, and huge numbers are only refused") {
  const std::string claim =
      "\"claim\": {\"format\": \"gapwright-certificate-1\", \"problem\": \"cnf\", \"inputs\": [\"HASH\"], \"verdict\": \"yes\", "
      "\"assignment\": [1]}";
  const auto with = [&](const std::string& hash, const std::string& informative) {
    std::string text = claim;
    text.replace(text.find("HASH"), 4, hash);
    return "{" + text + ", \"informative\": {" + informative + "}}";
  };
  const std::string formula = "p cnf 1 1\n1 0\n";
  const std::string hash = "b1a1a6ee3e2a33f10e5d7a3c1f8f5f45";  // replaced by what the checker says it is
  CHECK(of_certificate(with(kHash, "")).find("another SHA-256") != std::string::npos);
  const std::string nested = std::string(100'000, '[') + std::string(100'000, ']');
  for (const std::string& informative : {std::string("\"claim\": {\"verdict\": \"no\"}, \"claim\": 1"), "\"a\": " + nested,
                                         std::string("\"n\": 1e300, \"m\": -7")})
    CHECK(of_certificate(with(kHash, informative)) == of_certificate(with(kHash, "")));
  for (const char* number : {"18446744073709551616", "1e5", "-0", "9007199254740993", "0.5"})
    CHECK(of_certificate("{\"claim\": {\"format\": \"gapwright-certificate-1\", \"problem\": \"attention\", \"inputs\": [\"" +
                         kHash + "\"], \"verdict\": \"no\", \"order\": " + number + "}, \"informative\": {}}")
              .starts_with("rejected: "));
}

TEST_CASE("the checker's reader of formulas and the library's read the same clauses") {
  int formulas = 0;
  for (const char* folder : {"yes", "no"})
    for (const auto& path : test::data_files(folder, ".cnf")) {
      const std::string text = test::read_text(path);
      const Cnf cnf = read_dimacs(InputBytes::from(text, "f")).cnf;
      const checker::Formula formula = checker::read_dimacs(text);
      REQUIRE(formula.variables == cnf.variables);
      REQUIRE(formula.clauses.size() == cnf.clauses.size());
      for (std::size_t c = 0; c < cnf.clauses.size(); ++c)
        REQUIRE(std::equal(cnf.clauses[c].begin(), cnf.clauses[c].end(), formula.clauses[c].begin(), formula.clauses[c].end()));
      ++formulas;
    }
  CHECK(formulas > 20);
  for (const auto& path : test::data_files("bad", ".cnf")) {
    CAPTURE(path);
    const std::string result = outcome([&] { checker::read_dimacs(test::read_text(path)); });
    CHECK((result == "fine" || result.starts_with("bad: ")));  // what is only unusual, such as a wrong clause count, may be read
  }
}

TEST_CASE("decimals are exact") {
  for (const char* text : {"0", "0.0625", "1e-9", "-12.5e3", "5.88235294117647058823529411765e-2", "3.79821428105E-65"})
    CHECK(checker::decimal(text) == parse_decimal(text));
  for (const char* text : {"", "-", "1.2.3", "1e", "1e1000000", "nan", "0x1", " 1"})
    CHECK(outcome([&] { checker::decimal(text); }).starts_with("bad: "));
}

TEST_CASE("whatever the bytes, the readers end in one of three ways") {
  std::vector<std::string> seeds{"p cnf 3 2\n1 -2 0\n3 0\n",
                                 "{\"claim\":{\"format\":\"gapwright-certificate-1\",\"problem\":\"cnf\",\"inputs\":[\"" + kHash +
                                     "\"],\"verdict\":\"yes\"},\"informative\":{}}"};
  std::string header = R"({"q":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]},"__metadata__":{"order":"2"}})";
  const std::uint64_t length = header.size();
  seeds.push_back(std::string(reinterpret_cast<const char*>(&length), 8) + header + std::string(16, '\0'));
  for (int round = 0; round < cases(3000); ++round) {
    Random random(705, static_cast<std::uint64_t>(round));
    std::string bytes = seeds[random.below(seeds.size())];
    for (std::size_t change = 0, changes = 1 + random.below(4); change < changes && !bytes.empty(); ++change) {
      const std::size_t at = random.below(bytes.size());
      switch (random.below(4)) {
        case 0:
          bytes[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          bytes.erase(at, 1 + random.below(8));
          break;
        case 2:
          bytes.insert(at, bytes.substr(random.below(bytes.size()), random.below(16)));
          break;
        default:
          bytes.resize(at);
      }
    }
    outcome([&] { checker::read_safetensors(bytes); });
    outcome([&] { checker::read_dimacs(bytes); });
    outcome([&] { checker::check({"c", bytes}, {{"i", bytes}}); });
    outcome([&] { checker::check_drat(checker::read_dimacs(seeds[0]), bytes, checker::Clock(10)); });
  }
}
