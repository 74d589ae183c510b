// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "atlas/journey.hpp"
#include "atlas/problem.hpp"
#include "atlas/rule.hpp"
#include "support/errors.hpp"
#include "support/philox.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

/// What is missing in a row, or nothing: functions that only make sense together.
std::string gap_in(const Problem& p) {
  if (p.name.empty() || p.meaning.empty() || p.witness.empty() || p.hypothesis.empty() || p.brute_force.empty()) return "words";
  if ((p.parts == nullptr) != (p.from_parts == nullptr)) return "parts go both ways";
  if (p.read && !p.write) return "what is read is written";
  if (p.decide && !p.work) return "a decision without its work";
  if (p.generator && !(p.generator->make && p.generator->bytes && p.parts && p.decide))
    return "a generator without bytes, parts or a decision";
  if (p.small && !(p.parts && p.witness_ranges && p.objection)) return "small instances that campaigns cannot look into";
  if (p.start && !p.check_start) return "a start that nobody checks";
  return "";
}

std::string gap_in(const Rule& r) {
  if (r.name.empty() || r.theorem.empty() || r.size_law.empty() || r.gap.empty() || r.preserves.empty() || r.proof.empty())
    return "words";
  if (!find_problem(r.source) || !find_problem(r.target)) return "ends";
  if (!r.sizes) return "a law of sizes";
  return "";
}

}  // namespace

TEST_CASE("rows: each is complete, and its names are its own") {
  std::set<std::string> words;
  for (const Problem& p : problems()) {
    CAPTURE(p.name);
    CHECK(gap_in(p) == "");
    CHECK(words.insert(p.name).second);
    for (const std::string& word : p.abbreviations) {
      CHECK(words.insert(word).second);
      CHECK(&problem_named(word) == &problem_row(p.name));
    }
  }
  std::set<std::string> variants;
  for (const Rule& r : rules()) {
    CAPTURE(r.name);
    CHECK(gap_in(r) == "");
    CHECK(variants.insert(r.name + " " + r.variant).second);
  }
  CHECK_THROWS_AS(problem_named("cnff"), std::invalid_argument);
  CHECK(find_problem("sat") == nullptr);
}

TEST_CASE("rows: a row that lacks something is found") {
  const Problem whole = problem_row("orthogonal-vectors");
  const std::vector<void (*)(Problem&)> faults{
      [](Problem& p) { p.hypothesis = ""; },       [](Problem& p) { p.from_parts = nullptr; },
      [](Problem& p) { p.write = nullptr; },       [](Problem& p) { p.work = nullptr; },
      [](Problem& p) { p.check_start = nullptr; }, [](Problem& p) { p.generator.emplace(); }};
  for (const auto fault : faults) {
    Problem p = whole;
    fault(p);
    CHECK(gap_in(p) != "");
  }
  Rule rule = rules().front();
  rule.sizes = nullptr;
  CHECK(gap_in(rule) != "");
  rule = rules().front();
  rule.target = "nowhere";
  CHECK(gap_in(rule) != "");
}

TEST_CASE("rows: an instance is looked into as what it is only, and a row made at run time serves like any other") {
  Problem parity;
  parity.name = "parity-of-ones";
  parity.parts = [](const AnyInstance& instance) { return Parts{{{"ones", instance.as<std::int64_t>()}}}; };
  static int built = 0;
  parity.from_parts = [](const Parts& parts) {
    ++built;
    return AnyInstance(problem_row("cnf"), parts.number("ones"));
  };
  const AnyInstance made(parity, std::int64_t{7});
  CHECK(made.problem().name == "parity-of-ones");
  CHECK(made.as<std::int64_t>() == 7);
  CHECK_THROWS_AS(made.as<int>(), std::logic_error);
  const test::TemporaryFolder folder;
  write_instance(folder.file("a.safetensors"), made, true);
  const InputFile file(InputBytes::open(folder.file("a.safetensors")));
  CHECK(read_parts("parity-of-ones", file).number("ones") == 7);
  CHECK(read_instance(parity, {file}).as<std::int64_t>() == 7);
  CHECK(built == 1);
  const AnyInstance other = made;
  CHECK(std::move(const_cast<AnyInstance&>(other)).taken<std::int64_t>() == 7);
  CHECK(made.as<std::int64_t>() == 7);  // still held here, so it was copied
}

TEST_CASE("rows: routes whose rules make instances by themselves, and small instances are led along each to its end") {
  CHECK(journey_between("cnf", "attention").size() == 2);
  CHECK(rules()[journey_between("orthogonal-vectors", "attention", true).front()].parameters.centred);
  CHECK_THROWS_AS(journey_between("gap-max-ip", "attention"), std::invalid_argument);
  for (const Problem& p : problems()) {
    if (!p.small) continue;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      Random random(7, seed);
      const AnyInstance source = p.small(random);
      const Made made = made_through(source, journey_between(p.name, "attention"), {2, {}, Dtype::f64, {}}, {});
      const Decided decided = p.decide(source, {});
      CAPTURE(p.name);
      for (const BundleStep& step : made.path) CHECK(step.predicted.back().second == step.measured.back().second);
      if (!decided.yes) continue;
      const WitnessNumbers pushed = push(made, *decided.witness);
      CHECK(made.target.problem().objection(made.target, {}, pushed).empty());
      LiftTable table{{}, {}, {made.lift.rbegin(), made.lift.rend()}};
      CHECK(lift(table, pushed) == *decided.witness);
    }
  }
}
