// SPDX-License-Identifier: MIT
#include "atlas/graph.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "reductions/protocol_choice.hpp"
#include "tests/support.hpp"

using namespace gapwright;

TEST_CASE("atlas: every rule joins known problems, says everything, and has a name of its own") {
  std::set<std::string> names, ids;
  for (const Problem& p : problems()) {
    CHECK(names.insert(p.name).second);
    for (const std::string* text : {&p.meaning, &p.witness, &p.hypothesis, &p.brute_force}) CHECK_FALSE(text->empty());
  }
  for (const Rule& r : rules()) {
    CAPTURE(r.name);
    CHECK(names.contains(r.source));
    CHECK(names.contains(r.target));
    CHECK(ids.insert(r.name + "/" + r.variant).second);
    for (const std::string* text : {&r.theorem, &r.size_law, &r.gap, &r.preserves, &r.proof}) CHECK_FALSE(text->empty());
    const std::string page = r.proof.substr(0, r.proof.find(','));
    CHECK(std::filesystem::exists(std::filesystem::path(GAPWRIGHT_TEST_DATA) / "../.." / page));
    CHECK(std::filesystem::exists(std::filesystem::path(GAPWRIGHT_TEST_DATA) / "../../reductions" / (r.name + ".hpp")));
  }
}

TEST_CASE("atlas: every rule of the library is in it") {
  std::set<std::string> known;
  for (const Rule& r : rules()) known.insert(r.name);
  std::size_t found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(GAPWRIGHT_TEST_DATA) / "../../reductions")) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() != ".hpp" || stem.find("_to_") == std::string::npos) continue;
    CAPTURE(stem);
    CHECK(known.contains(stem));
    ++found;
  }
  CHECK(found == known.size());
}

TEST_CASE("atlas: routes are exactly the paths, counted by matrix powers") {
  const auto count = [](const std::string& a, const std::string& b) { return routes(a, b).size(); };
  // Acyclic: paths of length l are the l-th power of the matrix of rule numbers.
  std::size_t direct = 0, codes = 0, gadgets = 0;
  for (const Rule& r : rules()) {
    direct += r.source == "orthogonal-vectors" && r.target == "attention";
    codes += r.target == "gap-max-ip" && !only_by_name(r);
    gadgets += r.source == "gap-max-ip" && r.target == "attention";
  }
  CHECK(count("cnf", "attention") == direct + codes * gadgets);
  CHECK(direct == 2);
  CHECK(gadgets == 5);
  CHECK(codes == static_cast<std::size_t>(std::ranges::distance(compared_families())));
  CHECK(count("cnf", "attention-gradient") == direct + codes * gadgets);
  CHECK(count("cnf", "gap-max-ip") == codes);
  CHECK(routes_by_name("cnf", "gap-max-ip").size() == code_families().size() - codes);
  for (const Route& route : routes_by_name("cnf", "attention"))
    CHECK(std::any_of(route.begin(), route.end(), [](std::size_t r) { return only_by_name(rules()[r]); }));
  CHECK(count("gap-max-ip", "attention") == 5);
  CHECK(count("attention", "cnf") == 0);
  for (const Route& route : routes("cnf", "attention")) {
    std::string at = "cnf";
    for (const std::size_t r : route) {
      CHECK(rules()[r].source == at);
      at = rules()[r].target;
    }
    CHECK(at == "attention");
  }
  const auto all = routes("cnf", "attention");
  CHECK(std::is_sorted(all.begin(), all.end(), [](const Route& a, const Route& b) { return a.size() < b.size(); }));
  CHECK(std::set<Route>(all.begin(), all.end()).size() == all.size());
  CHECK(test::message_of<std::invalid_argument>([] { routes("cnf", "sudoku"); }) == "unknown problem 'sudoku'");
}

TEST_CASE("atlas: hypotheses name the constants after e, and sharp is not [AS24]'s") {
  for (const Problem& p : problems()) CHECK(p.hypothesis.find("o(1)") == std::string::npos);
  CHECK(problems()[0].hypothesis.find("[IP01]") != std::string::npos);
  for (std::size_t p = 1; p < problems().size(); ++p) {
    const std::string& text = problems()[p].hypothesis;
    CHECK(text.find("every") < text.find("e > 0"));
    CHECK(text.find("e > 0") < text.find("there"));
  }
  for (const Rule& r : rules())
    if (r.variant.ends_with("sharp")) CHECK(r.theorem.find("(ours") != std::string::npos);
}

TEST_CASE("atlas: only equivalent problems lead back to each other, and the graph names all problems") {
  const std::set<std::string> equivalent{"subset-query", "orthogonal-vectors"};
  for (const Rule& r : rules())
    CHECK(routes(r.target, r.source).empty() != (equivalent.contains(r.source) && equivalent.contains(r.target)));
  const std::string dot = atlas_dot();
  CHECK(dot.starts_with("digraph G {"));
  CHECK(static_cast<std::size_t>(std::count(dot.begin(), dot.end(), '>')) >= rules().size());
  for (const Problem& p : problems()) CHECK(dot.find("\"" + p.name + "\\n") != std::string::npos);
}

TEST_CASE("atlas: a rule has the parameters that its step needs") {
  for (const Rule& r : rules()) {
    CAPTURE(r.variant);
    CHECK(r.parameters.embedding.has_value() == (r.target == "attention"));
    CHECK(r.parameters.form.has_value() == (r.source == "gap-max-ip"));
    CHECK((r.parameters.family != nullptr) == (r.target == "gap-max-ip"));
    CHECK(named<RuleKind>(word_of(r.kind)) == r.kind);
  }
}

TEST_CASE("atlas: the words of routes are direct and the families of codes") {
  std::vector<std::string> words = code_family_names();
  words.insert(words.begin(), "direct");
  CHECK(route_words() == words);
  for (const std::string& word : route_words()) CHECK(route_word(family_on_route(word)) == word);
  CHECK(family_on_route("direct") == nullptr);
  CHECK_THROWS_AS(family_on_route("goppa"), std::invalid_argument);
}
