// SPDX-License-Identifier: MIT
#include "instances/provenance.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "support/version.hpp"

using namespace gapwright;

TEST_CASE("provenance: what is written is read back") {
  const std::string hash(64, 'e');
  for (const Provenance& made_by :
       {Provenance{}, Provenance{"reduce a.cnf --to attention -k 3", std::nullopt, {{"a.cnf", hash}, {"b \"c\"\n.npy", hash}}},
        Provenance{"gen", 0, {}}, Provenance{"gen", 1'234, {}}, Provenance{"gen", 10'000'000'000'000'000'000U, {}},
        Provenance{"gen", UINT64_MAX, {}}}) {
    const std::string json = provenance_json(made_by);
    CHECK(json.find('\n') == std::string::npos);
    CHECK(parse_provenance(json) == made_by);
  }
}

TEST_CASE("provenance: the text, key by key") {
  CHECK(provenance_json({"gen x", 7, {{"n", "h"}}}) ==
        R"({"tool":"gapwright","version":")" + version() +
            R"(","command":"gen x","seed":"7","sources":[{"name":"n","sha256":"h"}]})");
}

TEST_CASE("provenance: file names of any bytes give valid JSON") {
  const std::string json = provenance_json({"reduce \xff\xfe", std::nullopt, {{"\xff\xc3", "h"}}});
  CHECK(nlohmann::json::accept(json));
  CHECK(parse_provenance(json).sources.size() == 1);
}

TEST_CASE("provenance: text of another form is no provenance") {
  for (const char* text : {"", "{", "[]", "7", "null", "{}", R"({"command":7,"seed":"x","sources":"y"})", R"({"seed":"-1"})",
                           R"({"seed":"18446744073709551616"})", R"({"seed":"1 "})", R"({"sources":[1,"a",null]})"})
    CHECK(parse_provenance(text) == Provenance{});
}
