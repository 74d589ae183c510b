// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include <set>

#include "explore/fuzz/campaign.hpp"
#include "explore/fuzz/corner_instances.hpp"
#include "explore/fuzz/shrink.hpp"
#include "support/errors.hpp"
#include "tests/multiplier.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

/// The regression files of tests/FOLDER, by name.
std::vector<Regression> files_of(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(GAPWRIGHT_TEST_DATA).parent_path() / folder))
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<Regression> all;
  for (const auto& path : paths) all.push_back(read_regression(test::read_text(path), path.filename().string()));
  return all;
}

void check_clean(const std::string& rule, int count = 30) {
  Campaign campaign;
  campaign.cases = static_cast<std::size_t>(cases(count));
  campaign.seed = 5;
  const RuleReport report = run_campaign(fuzzed_rule(rule), campaign);
  for (const Regression& failure : report.failures) MESSAGE(regression_text(failure));
  CHECK(report.broken.empty());
  CHECK(report.skipped == 0);
  CHECK(report.yes + report.no == campaign.cases);
  if (campaign.cases >= 12) CHECK(std::min(report.yes, report.no) >= 1);
}

}  // namespace

TEST_CASE("fuzz: sat_to_orthogonal_vectors is clean, yes and no") { check_clean("sat_to_orthogonal_vectors"); }
TEST_CASE("fuzz: orthogonal_vectors_to_attention is clean, yes and no") { check_clean("orthogonal_vectors_to_attention"); }
TEST_CASE("fuzz: sat_to_attention is clean, yes and no") { check_clean("sat_to_attention"); }
TEST_CASE("fuzz: merlin_arthur is clean, yes and no") { check_clean("merlin_arthur"); }
TEST_CASE("fuzz: orthogonal_vectors_to_gap_max_ip is clean, yes and no") { check_clean("orthogonal_vectors_to_gap_max_ip"); }
TEST_CASE("fuzz: gap_max_ip_forms is clean, yes and no") { check_clean("gap_max_ip_forms", 12); }
TEST_CASE("fuzz: gap_max_ip_to_attention is clean, yes and no") { check_clean("gap_max_ip_to_attention"); }
TEST_CASE("fuzz: sat_to_attention_by_code is clean, yes and no") { check_clean("sat_to_attention_by_code"); }
TEST_CASE("fuzz: attention_to_gradient is clean, yes and no") { check_clean("attention_to_gradient"); }

TEST_CASE("fuzz: the shrunk case of every mended bug passes") {
  const auto bugs = files_of("regressions");
  CHECK(bugs.size() >= 1);
  for (const Regression& bug : bugs) {
    CAPTURE(regression_text(bug));
    CHECK(bug.mutant.empty());  // those of mutants lie in tests/mutants
    CHECK(replay(bug) == "");
  }
}

TEST_CASE("fuzz: every mutant has one file, its witness, and every witness passes and kills its mutant") {
  std::multiset<std::string> witnesses, mutants;
  for (const Regression& witness : files_of("mutants")) {
    CAPTURE(regression_text(witness));
    CHECK(replay(witness) == "");
    witnesses.insert(witness.fuzz_case.rule + " " + witness.mutant);
  }
  for (const FuzzedRule& rule : fuzzed_rules())
    for (const FuzzedRule::Mutant& mutant : rule.mutants) mutants.insert(rule.name + " " + mutant.name);
  CHECK(witnesses == mutants);
  CHECK(mutants.size() >= 90);
}

TEST_CASE("fuzz: the same seed gives the same report whatever the threads, another seed another") {
  const FuzzedRule& rule = fuzzed_rule("sat_to_orthogonal_vectors");
  const auto report = [&](std::uint64_t seed, unsigned threads) {
    Campaign campaign{seed, 40, {}, {}};
    campaign.control.threads = threads;
    const MutantReport r = run_mutant(rule, rule.mutants[0], campaign, true);
    return std::tuple(r.changed, r.kills, regression_text(*r.example));
  };
  CHECK(report(11, 1) == report(11, 4));
  CHECK(report(11, 1) != report(12, 1));
}

TEST_CASE("fuzz: every formula of at most 1 and 2 variables and clauses, each once, and 3 is within reach") {
  CHECK(every_formula(0).size() == 1);
  const auto formulas = every_formula(2);
  CHECK(formulas.size() == 3 + 15 + 153);  // C(4^N + 2, 2) for N = 0, 1, 2
  std::set<std::pair<std::size_t, std::vector<Cnf::Clause>>> different;
  for (const Cnf& cnf : formulas) CHECK(different.insert({cnf.variables, cnf.clauses}).second);
  CHECK(every_formula(3).size() == 4 + 35 + 969 + 47905);
  CHECK_THROWS_AS(every_formula(4), LimitReached);
  Campaign campaign;
  campaign.formulas = formulas;
  for (const char* rule : {"sat_to_orthogonal_vectors", "merlin_arthur"}) {
    const RuleReport report = run_campaign(fuzzed_rule(rule), campaign);
    CHECK(report.broken.empty());
    CHECK(report.yes + report.no == formulas.size());
  }
}

TEST_CASE("fuzz: too many formulas are refused at once, in a short line, however many") {
  for (const std::size_t n : {std::size_t{4}, std::size_t{5}, std::size_t{1'000'000}, SIZE_MAX}) {
    std::string why;
    try {
      every_formula(n);
    } catch (const LimitReached& e) {
      why = e.what();
    }
    CAPTURE(n);
    CHECK(why.starts_with("there are about "));
    CHECK(why.size() < 160);
  }
}

TEST_CASE("fuzz: more cases than a block, in order, and a case of more tuples than allowed ends the campaign") {
  const FuzzedRule& rule = fuzzed_rule("sat_to_orthogonal_vectors");
  Campaign campaign;
  campaign.formulas.assign(8192 + 3, Cnf{1, {{1}}, {}});
  campaign.formulas.push_back({1, {{1}, {-1}}, {}});
  const RuleReport report = run_campaign(rule, campaign);
  CHECK(report.cases == 8196);
  CHECK(report.yes == 8195);
  CHECK(report.no == 1);
  campaign.formulas = {Cnf{3, {{1}}, {}}};
  campaign.limits.tuples = 8;
  CHECK(run_campaign(rule, campaign).yes == 1);
  campaign.limits.tuples = 7;
  CHECK_THROWS_AS(run_campaign(rule, campaign), LimitReached);
}

TEST_CASE("shrinking ends at the smallest formula and vectors that still fail") {
  Random random(3, 0);
  FuzzCase formula{"sat_to_orthogonal_vectors", {}, {}};
  formula.parameters.order = 5;
  do {
    formula.source = corner_cnf(random, 6, 20);
  } while (std::get<Cnf>(formula.source).clauses.size() < 10 || std::get<Cnf>(formula.source).variables < 4);
  // "Fails" when some clause has two literals, one of them negative.
  const auto small = shrunk(formula, [](const FuzzCase& c) {
    for (const Cnf::Clause& clause : std::get<Cnf>(c.source).clauses)
      if (clause.size() >= 2 && std::any_of(clause.begin(), clause.end(), [](std::int32_t l) { return l < 0; })) return true;
    return false;
  });
  const Cnf& cnf = std::get<Cnf>(small.source);
  CHECK(small.parameters.order == 2);
  CHECK(cnf.variables == 1);
  REQUIRE(cnf.clauses.size() == 1);
  CHECK(cnf.clauses[0].size() == 2);
  FuzzCase vectors{"merlin_arthur", corner_vectors(random, 4, 5, 9), {}};
  vectors.parameters.order = 4;
  std::get<OrthogonalVectors>(vectors.source).sets[2].set(0, 0);
  const auto one = shrunk(vectors, [](const FuzzCase& c) {
    for (const BitMatrix& set : std::get<OrthogonalVectors>(c.source).sets)
      for (const std::uint64_t word : set.words)
        if (word != 0) return true;
    return false;
  });
  const auto& ov = std::get<OrthogonalVectors>(one.source);
  CHECK(ov.dimension == 1);
  CHECK(ov.sets.size() == 2);
  CHECK(ov.sets[0].rows + ov.sets[1].rows == 2);
}

TEST_CASE("regression files come back as they were written, and what is none is refused with its name") {
  Random random(17, 0);
  Regression regression{{"merlin_arthur", corner_vectors(random, 3, 4, 70), {}}, "T-equals-p", "sound", "a \"note\""};
  regression.fuzz_case.parameters.order = 3;
  regression.fuzz_case.parameters.choice = ~std::uint64_t{0};
  const std::string text = regression_text(regression);
  CHECK(regression_text(read_regression(text, "x.json")) == text);
  regression.fuzz_case.source = corner_cnf(random, 6, 9);
  CHECK(regression_text(read_regression(regression_text(regression), "x.json")) == regression_text(regression));
  CHECK(test::message_of<BadInstance>([] { read_regression("{}", "x.json"); }).starts_with("x.json: not a regression file"));
  CHECK(test::message_of<BadInstance>([] { read_regression("[", "x.json"); }).starts_with("x.json: "));
  CHECK_THROWS_AS(fuzzed_rule("nothing"), std::invalid_argument);
}
