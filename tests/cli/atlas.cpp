// SPDX-License-Identifier: MIT
// list, show, path, graph and implied.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/cli/program.hpp"

using namespace gapwright;
using namespace gapwright::test;

TEST_CASE("show: every name that list prints is known, others get the nearest one") {
  const auto list = run({"list", "--json"}).json();
  for (const auto& [kind, entries] : list.items())
    for (const auto& entry : entries) {
      const std::string name = entry.at("name");
      CAPTURE(name);
      CHECK(run({"show", name, "--json"}).json().size() > 0);
    }
  CHECK(run({"show", "gap-max-ip -> attention", "--json"}).json().size() == 5);
  CHECK(run({"show", "hermitian"}).out.find("code show hermitian") != std::string::npos);
  check_fails(run({"show", "atention"}), 2, "did you mean 'attention'?");
  check_fails(run({"show", "xyzzy"}), 2, "see gapwright list");
}

TEST_CASE("path: every route with exact sizes, and the ones that nothing beats") {
  const auto all = run({"path", "cnf", "attention", "--all", "--variables", "20", "--clauses", "91", "-k", "3", "--json"}).json();
  std::size_t compared = 0;
  for (const auto& route : all.at("routes")) compared += !route.contains("by_name");
  CHECK(compared == 17);
  const auto estimate = run({"estimate", "--variables", "20", "--clauses", "91", "-k", "3", "--json"}).json();
  const auto& direct = all.at("routes")[0].at("stages");
  CHECK(direct[1].at("bits") == estimate.at("orthogonal_vectors_bits"));
  CHECK(direct[2].at("dimension") == estimate.at("attention_dimension"));
  CHECK(direct[2].at("bits") == 8 * estimate.at("attention_bytes").get<std::int64_t>());
  CHECK(direct[2].at("entry_bound") == estimate.at("entry_bound"));
  std::size_t front = 0;
  for (const auto& route : all.at("routes")) front += route.at("front").get<bool>();
  CHECK(front >= 1);
  CHECK(direct[2].at("instances") == 1);
  const Finished text = run({"path", "cnf", "attention", "--variables", "20", "--clauses", "91"});
  CHECK(text.out.find("more with --all") != std::string::npos);
  CHECK(run({"path", "sat", "attention", data_file("yes/uf20-01.cnf"), "--all", "--json"}).out ==
        run({"path", "cnf", "attention", "--variables", "20", "--clauses", "91", "--all", "--json"}).out);
  CHECK(run({"path", "cnf", "attention"}).out.find("give --variables and --clauses") != std::string::npos);
  CHECK(run({"path", "cnf", "attention"}).out.find("17 routes and 5 by name") != std::string::npos);
  CHECK(run({"path", "ov", "attention"}).out.find("give --vectors and --dimension, or an instance") != std::string::npos);
  CHECK(run({"path", "maxip", "attention"}).out.find("--yes-at-least and --no-at-most, or an instance") != std::string::npos);
  CHECK(run({"path", "subset-query", "attention"}).out.find("give --vectors and --dimension, or an") != std::string::npos);
  CHECK(run({"path", "ov", "maxip", "--vectors", "50", "--dimension", "20", "-k", "2", "--all"}).code == 0);
  CHECK(
      run({"path", "gap-max-ip", "attention", "--vectors", "50", "--dimension", "20", "--yes-at-least", "9", "--no-at-most", "4"})
          .out.find("boxes, sharp") != std::string::npos);
  check_fails(run({"path", "attention", "cnf"}), 2, "no rule leads from attention to cnf; it leads to attention-gradient");
  check_fails(run({"path", "cnf", "atention"}), 2, "did you mean 'attention'?");
  check_fails(run({"path", "cnf", "attention", "--variables", "9"}), 2, "go together");
  check_fails(run({"path", "cnf", "attention", "--vectors", "9", "--dimension", "3"}), 2, "takes --variables and --clauses");
  check_fails(run({"path", "ov", "attention", data_file("yes/uf20-01.cnf")}), 2, "holds an instance of cnf");
  check_fails(run({"path", "cnf", "attention", "--variables", "300000", "--clauses", "9"}), 5, "2^65536");
}

TEST_CASE("path: --all shows a route through each family of codes, those tried only by name last and compared with nothing") {
  const std::vector<std::string> words{"path", "ov", "maxip", "--vectors", "50", "--dimension", "2", "-k", "2", "--json"};
  auto with_all = words;
  with_all.push_back("--all");
  const auto all = run(with_all).json().at("routes"), front = run(words).json().at("routes");
  std::vector<std::string> names, expected;
  bool by_name = false;
  for (const auto& route : all) {
    names.push_back(route.at("name"));
    CHECK((route.contains("by_name") || !by_name));
    by_name = route.contains("by_name");
    CHECK((!by_name || !route.at("front").get<bool>()));
    CHECK(route.at("stages").size() == 2);
  }
  const auto codes = run({"list", "codes", "--json"}).json();
  for (const auto& code : codes.at("codes")) expected.push_back(code.at("name"));
  CHECK(std::is_permutation(names.begin(), names.end(), expected.begin(), expected.end()));
  for (const auto& route : front) CHECK_FALSE(route.contains("by_name"));
}

TEST_CASE("path: predicted sizes are those of what reduce writes") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/vdw-8-3-3.cnf");
  const auto routes = run({"path", "cnf", "attention", formula, "-k", "2", "--all", "--json"}).json().at("routes");
  for (const auto& route : routes) {
    const std::string name = route.at("name");
    if (name != "direct" && name.find(" boxes, sharp") == std::string::npos && name.find("boxes, paper") == std::string::npos)
      continue;
    if (name.find("pruned") == std::string::npos && name != "direct") continue;  // reduce's default form
    CAPTURE(name);
    const std::string code = name.substr(0, name.find(','));
    std::filesystem::remove_all(folder.file("b"));
    REQUIRE(run_in(folder.path(), {"reduce", formula, "-k", "2", "--to", "attention", "--route", code, "--embedding",
                                   name.ends_with("paper") ? "paper" : "sharp", "-o", "b/"})
                .code == 0);
    const auto manifest = nlohmann::ordered_json::parse(read_text(folder.file("b/manifest.json")));
    const auto measured = std::stoll(manifest.at("path").back().at("measured").at("target_bits").get<std::string>());
    const auto predicted = route.at("stages").back().at("bits").get<std::int64_t>();
    if (route.at("stages").back().at("exactness") == "exact")
      CHECK(measured == predicted);
    else
      CHECK(measured <= predicted);
  }
}

TEST_CASE("graph: DOT and the picture drawn from it") {
  const Finished dot = run({"graph"}), svg = run({"graph", "--format", "svg"});
  CHECK(dot.out.starts_with("digraph G {"));
  CHECK(svg.code == 0);
  CHECK(svg.out.starts_with("<?xml"));
  for (const auto& problem : run({"list", "problems", "--json"}).json().at("problems"))
    CHECK(svg.out.find(">" + problem.at("name").get<std::string>() + "<") != std::string::npos);
  CHECK(run({"graph", "--format", "svg"}).out == svg.out);
}

TEST_CASE("implied: exponents, and the planner's constants beside them") {
  const auto asymptotic = run({"implied", "cnf", "attention", "-k", "3", "--json"}).json();
  CHECK(asymptotic.at("exponent") == "27/10");
  CHECK(asymptotic.at("refuted_below") == "3");
  CHECK(asymptotic.at("hypothesis").get<std::string>().starts_with("SETH"));
  CHECK_FALSE(asymptotic.contains("ways"));
  const auto finite =
      run({"implied", "cnf", "attention", "--variables", "20", "--clauses", "91", "-k", "3", "--saving", "1/5", "--json"}).json();
  CHECK(finite.at("exponent") == "12/5");
  CHECK(finite.at("finite_exponent") == "16/7");  // 4/5 20/7
  CHECK(finite.at("ways").size() == 8);
  // The way of fewest messages has no more than any other with d' <= n = 128, and here there is none.
  CHECK(finite.at("ways")[7].at("objective") == "fewest messages");
  CHECK(finite.at("ways")[0].at("exponent") == "16/7");
  const auto path = run({"path", "cnf", "attention", "--variables", "20", "--clauses", "91", "-k", "3", "--json", "--all"})
                        .json()
                        .at("routes")[0]
                        .at("stages")[2];
  const auto& bound =
      finite.at("ways")[0].at("entry_bound");  // two ways to the same number: the planner's enclosure, and the double rounded up
  CHECK(path.at("entry_bound").get<double>() >= bound.at("lo").get<double>());
  CHECK(path.at("entry_bound").get<double>() <= bound.at("hi").get<double>() * (1 + 1e-15));
  CHECK(finite.at("ways")[0].at("dimension") == path.at("dimension"));
  CHECK(run({"implied", "ov", "maxip", "-k", "2"}).out.find("n^(2 - eps), for one eps > 0 and all constants (n^o(1) messages)") !=
        std::string::npos);
  CHECK(run({"implied", "ov", "attention", "--vectors", "4096", "--dimension", "48", "-k", "2"}).code == 0);
  CHECK(run({"implied", "cnf", "gradient"}).out.find("quadrature") != std::string::npos);
  const auto large =
      run({"implied", "cnf", "attention", "--variables", "60", "--clauses", "256", "-k", "3", "--json"}).json().at("ways");
  const auto fewest = large.at(7);
  CHECK(std::stod(fewest.at("dimension").dump()) <= 1 << 20);
  for (std::size_t i = 1; i < 7; ++i) {
    CHECK(large[i].at("objective") == "least entries");
    if (!large[i].contains("impossible") && large[i].at("dimension").is_number() &&
        large[i].at("dimension").get<double>() <= 1 << 20)
      CHECK(fewest.at("message_exponent").at("hi") <= large[i].at("message_exponent").at("hi"));
  }
  check_fails(run({"implied", "cnf", "attention", "--saving", "1"}), 2, "above 0 and below 1");
  check_fails(run({"implied", "cnf", "attention", "--saving", "x"}), 2, "write 1/10 or 0.1");
  check_fails(run({"implied", "cnf", "cnf"}), 2, "the same problem");
}
