// SPDX-License-Identifier: MIT
// --delta: every verb that chooses an embedding, and what decide --method gradient accepts.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/cli/program.hpp"

using namespace gapwright::test;

namespace {

const std::vector<std::string> kSize{"--variables", "14", "--clauses", "100", "-k", "2"};

nlohmann::ordered_json json_of(std::vector<std::string> arguments, const std::vector<std::string>& more = {}) {
  arguments.insert(arguments.end(), kSize.begin(), kSize.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  arguments.push_back("--json");
  const Finished finished = run(arguments);
  CAPTURE(finished.err);
  REQUIRE(finished.code == 0);
  return finished.json();
}

bool holds(const nlohmann::ordered_json& enclosure, double value) {
  return enclosure.at("lo") <= value && value <= enclosure.at("hi");
}

}  // namespace

TEST_CASE("delta: path, implied, plan and estimate agree, for outputs, for gradients and as asked") {
  const std::vector<std::string> small{"--largest-field", "16", "--longest", "60", "--up-to", "3"};
  const double forward = json_of({"path", "cnf", "attention"}, {"--all"}).at("routes")[0].at("stages").back().at("entry_bound");
  const auto gradient = json_of({"path", "cnf", "gradient"}, {"--all"}).at("routes")[0].at("stages")[2];
  const double bound = gradient.at("entry_bound");
  CHECK(std::abs(forward - 27.61) < 0.005);
  CHECK(std::abs(bound - 29.44) < 0.005);
  const std::string delta = gradient.at("delta");
  const auto estimate = json_of({"estimate"});
  CHECK(estimate.at("entry_bound") == forward);
  CHECK(estimate.at("gradient").at("entry_bound") == bound);
  CHECK(estimate.at("gradient").at("delta") == delta);
  CHECK(json_of({"estimate"}, {"--delta", delta}).at("entry_bound") == bound);
  CHECK(
      json_of({"path", "cnf", "attention"}, {"--all", "--delta", delta}).at("routes")[0].at("stages").back().at("entry_bound") ==
      bound);
  std::vector<std::string> with_delta(small);
  with_delta.insert(with_delta.end(), {"--delta", delta, "--all"});
  const auto plan = json_of({"plan"}, with_delta);
  CHECK(plan.at("gradient_delta") == delta);
  CHECK(plan.at("least_entries")[0].at("embedding") == "direct-centred");
  CHECK(holds(plan.at("least_entries")[0].at("entry_bound"),
              json_of({"estimate"}, {"--centred", "--delta", delta}).at("entry_bound")));
  for (const auto& point : plan.at("points"))
    if (point.at("embedding") == "direct") CHECK(holds(point.at("entry_bound"), bound));
  const auto implied = json_of({"implied", "cnf", "gradient"});
  CHECK(implied.at("delta") == delta);
  CHECK(implied.at("ways")[0].at("way") == "direct, centred");
  CHECK(std::abs(implied.at("ways")[0].at("entry_bound").at("hi").get<double>() - bound / std::sqrt(2.0)) < 1e-9);
  CHECK(std::abs(json_of({"implied", "cnf", "attention"}).at("ways")[0].at("entry_bound").at("hi").get<double>() -
                 forward / std::sqrt(2.0)) < 1e-9);
}

TEST_CASE("delta: reduce with the delta that path prints writes what decide --method gradient accepts") {
  const TemporaryFolder folder;
  const std::string formula = data_file("yes/six-variables.cnf");
  REQUIRE(
      run_in(folder.path(), {"gen", "random-ksat", "--variables", "14", "--clauses", "6", "--seed", "1", "-o", "f.cnf"}).code ==
      0);
  const auto routes =
      run_in(folder.path(), {"path", "cnf", "gradient", "f.cnf", "-k", "2", "--all", "--json"}).json().at("routes");
  for (const std::size_t number : {0, 1}) {  // direct, and centred
    const auto& stage = routes[number].at("stages")[2];
    std::vector<std::string> reduce{"reduce",          "f.cnf", "-k",           "2", "--to", "attention", "--delta",
                                    stage.at("delta"), "-o",    "a.safetensors"};
    if (number == 1) reduce.push_back("--centred");
    REQUIRE(run_in(folder.path(), reduce).code == 0);
    const auto decided = run_in(folder.path(), {"decide", "a.safetensors", "--method", "gradient", "--json"});
    CHECK(decided.code == 0);
    CHECK(decided.json().at("verdict") == "yes");
  }
  REQUIRE(run_in(folder.path(), {"reduce", "f.cnf", "-k", "2", "--to", "attention", "-o", "a.safetensors"}).code == 0);
  check_fails(run_in(folder.path(), {"decide", "a.safetensors", "--method", "gradient"}), 6,
              "128 rows need an input made with delta at most 0.022097");
  // A bundle says its delta in the command, and its numbers are checked.
  CHECK(run({"reduce", formula, "-k", "2", "--to", "attention", "--delta", "0.01", "-o", folder.file("x.safetensors")}).code ==
        0);
  CHECK(read_text(folder.file("x.safetensors")).find("--delta 1/100") != std::string::npos);
}

TEST_CASE("delta: what is refused") {
  const std::vector<std::string> size{"--variables", "14", "--clauses", "100", "-k", "2"};
  for (const char* bad : {"0", "1/3", "0.26", "-0.01", "x", "1/0"})
    for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
             {"path", "cnf", "attention"}, {"implied", "cnf", "attention"}, {"plan"}, {"estimate"}}) {
      std::vector<std::string> arguments(verb);
      arguments.insert(arguments.end(), size.begin(), size.end());
      arguments.push_back(std::string("--delta=") + bad);
      check_fails(run(arguments), 2, "--delta");
    }
  std::vector<std::string> arguments{"path", "cnf", "gradient", "--all", "--delta", "1/16"};
  arguments.insert(arguments.end(), size.begin(), size.end());
  CHECK(run(arguments).out.find("do not separate") != std::string::npos);
  check_fails(run({"path", "cnf", "ov", "--delta", "1/16"}), 2, "step to attention");
  check_fails(run({"reduce", data_file("yes/six-variables.cnf"), "--to", "orthogonal-vectors", "--delta", "1/16", "-o", "-"}), 2,
              "--delta");
  check_fails(
      run({"path", "gap-max-ip", "attention", "--vectors", "9", "--dimension", "5", "--yes-at-least", "6", "--no-at-most", "2"}),
      2, "beyond the dimension 5");
}
