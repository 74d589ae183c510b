// SPDX-License-Identifier: MIT
#include "atlas/solve.hpp"

#include <doctest/doctest.h>

#include <tuple>

#include "atlas/problems/instance_data.hpp"
#include "atlas/reduce.hpp"
#include "instances/generators/structured_cnf.hpp"
#include "support/errors.hpp"
#include "tests/multiplier.hpp"
#include "tests/random_instances.hpp"
#include "tests/support.hpp"
#include "verify/brute_force.hpp"

using namespace gapwright;

namespace {

const Cnf kYes{3, {{1, 2}, {-1, 3}, {-2, -3}}, {}};
const Cnf kNo{2, {{1, 2}, {1, -2}, {-1, 2}, {-1, -2}}, {}};

SolveResult solved(const Cnf& cnf, const SolveRequest& request, const Work& work = {}) {
  static const std::optional<std::vector<std::int32_t>> none_shown;
  return solve(cnf, {none_shown, "", false}, request, work);
}

SolveRequest of_order(std::size_t order) {
  SolveRequest request;
  request.order = order;
  return request;
}

SolveRequest by_code(const std::string& family, const std::string& advice) {
  SolveRequest request = of_order(2);
  request.family = family_on_route(family);
  if (!advice.empty()) request.code.advice = advice_named(advice);
  return request;
}

void check_refused(const SolveRequest& request, const char* why) {
  CHECK_THROWS_WITH_AS(check_request(request), doctest::Contains(why), std::invalid_argument);
  CHECK_THROWS_WITH_AS(solved(kYes, request), doctest::Contains(why), std::invalid_argument);
}

}  // namespace

TEST_CASE("solve: answers, counts and fewest violations equal brute force, at several orders") {
  for (int round = 0; round < cases(30); ++round) {
    Random random(91, static_cast<std::uint64_t>(round));
    const Cnf cnf = corner_cnf(random, 8, 24);
    const CnfCensus census = enumerate_assignments(cnf);
    SolveRequest request = of_order(2 + static_cast<std::size_t>(round) % 3);
    const SolveResult answer = solved(cnf, request);
    CHECK(answer.satisfiable == (census.models > 0));
    CHECK(answer.assignment.has_value() == (census.models > 0));
    CHECK(answer.oracle->satisfiable == answer.satisfiable);
    CHECK_FALSE(answer.contradiction);
    request.count = request.max = true;
    request.oracle_seconds.reset();
    const SolveResult counted = solved(cnf, request);
    CHECK(counted.models->models == census.models);
    CHECK(counted.fewest->clauses == census.fewest_violated);
    CHECK(counted.violated == census.fewest_violated);
    CHECK_FALSE(counted.decision.has_value());
    CHECK_FALSE(counted.oracle.has_value());
  }
}

TEST_CASE("solve: through a code one message proves a yes, and only all of them a no") {
  for (const char* family : {"reed-solomon", "hermitian"}) {
    CAPTURE(family);
    const SolveResult yes = solved(kYes, by_code(family, "honest"));
    CHECK(yes.satisfiable == true);
    CHECK(accepts(kYes, *yes.assignment));
    CHECK(yes.code()->messages == 1);
    const SolveResult one = solved(kNo, by_code(family, "0"));
    CHECK_FALSE(one.satisfiable.has_value());
    CHECK(one.decision->verdict.answer == Answer::no);
  }
  SolveRequest request = by_code("reed-solomon", "all");
  request.code.field_size = 5;
  request.code.blocks = 4;
  for (const auto& form : {Form::factored, Form::pruned, Form::full}) {
    request.code.form = form;
    const SolveResult no = solved(kNo, request);
    CHECK(no.satisfiable == false);
    CHECK(no.code()->all);
    CHECK(no.code()->no == no.code()->messages);
  }
}

TEST_CASE("solve: the seed draws the messages, and nothing else") {
  SolveRequest request = by_code("reed-solomon", "sample:3");
  const auto last_message = [&](std::optional<std::uint64_t> seed) {
    request.seed = seed;
    const SolveResult result = solved(kNo, request);
    CHECK(result.code()->no == 4);  // and the best reply
    CHECK_FALSE(result.satisfiable.has_value());
    const Verdict& verdict = result.decision->verdict;
    return std::tuple(verdict.row, verdict.lo, verdict.hi);
  };
  const auto first = last_message(1);
  CHECK(last_message({}) == first);
  bool differs = false;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    const auto drawn = last_message(seed);
    CHECK(last_message(seed) == drawn);
    differs = differs || drawn != first;
  }
  CHECK(differs);
}

TEST_CASE("solve: what a request may not say") {
  SolveRequest request;
  request.code.blocks = 2;
  check_refused(
      request, "`advice`, `form`, `gadget`, `embedding`, `mu`, `field`, `blocks`, `block_length` and `level` belong to `route` ");
  request = {};
  request.project = true;
  check_refused(request, "`project` goes with `count`");
  request = {};
  request.seed = 3;
  check_refused(request, "`seed` goes with a code route and `advice=sample:N`");
  request = by_code("tower", "all");
  request.seed = 3;
  check_refused(request, "`seed` goes with a code route and `advice=sample:N`");
  for (bool SolveRequest::*asked : {&SolveRequest::count, &SolveRequest::max}) {
    request = by_code("hermitian", "");
    request.*asked = true;
    check_refused(request, "`count` and `max` go with `route=direct`");
    request = {};
    request.*asked = true;
    request.certificate = "c";
    check_refused(request, "`certificate` is for yes and no");
  }
  request = by_code("hermitian", "");
  request.code.gadget = Gadget::characters;
  check_refused(request, "solve takes the gadget boxes");
  request = by_code("hermitian", "");
  request.code.embedding = Embedding::paper;
  check_refused(request, "`embedding=paper` needs its vectors");
}

TEST_CASE("solve: sizes are refused by the name of the formula, before anything is built") {
  Work work;
  work.control = [](const std::string&) -> RunControl { throw std::logic_error("work has begun"); };
  for (SolveRequest request : {of_order(2), by_code("reed-solomon", "all")}) {
    request.name = "f.cnf: 3 variables";
    work.limits = {};
    work.limits.tuples = 3;
    CHECK_THROWS_WITH_AS(solved(kYes, request, work), doctest::Contains("f.cnf: 3 variables"), LimitReached);
    work.limits.memory = 10;
    CHECK_THROWS_WITH_AS(solved(kYes, request, work), doctest::Contains("memory"), LimitReached);
  }
}

TEST_CASE("solve: the table that scores field symbols is refused before anything is built, and is none of a written form") {
  Work work;
  work.limits.memory = 400'000'000;
  work.control = [](const std::string&) -> RunControl { throw std::logic_error("work has begun"); };
  SolveRequest request = by_code("reed-solomon", "all");
  request.code.field_size = 1024;
  request.code.blocks = 1;  // 671 MB (tests/verify/decision_bytes.cpp)
  CHECK_THROWS_WITH_AS(solved(kYes, request, work), doctest::Contains("memory"), LimitReached);
  request.code.form = Form::pruned;
  CHECK_THROWS_WITH_AS(solved(kYes, request, work), "work has begun", std::logic_error);
}

TEST_CASE("solve: what comments say to model counters is followed, refused or said to be left aside") {
  std::vector<std::string> said;
  const Work work{.warn = [&](const std::string& text) { said.push_back(text); }};
  SolveRequest request = of_order(2);
  request.file = "f.cnf";
  request.count = request.project = true;
  const std::optional<std::vector<std::int32_t>> shown{{1, 2}}, none;
  CHECK(solve(kYes, {shown, "", false}, request, work).projected->models == 2);
  CHECK_THROWS_WITH_AS(solve(kYes, {none, "", false}, request, work), doctest::Contains("f.cnf: names no variables"),
                       BadInstance);
  CHECK_THROWS_WITH_AS(solve(kYes, {shown, "f.cnf:2:1: what", false}, request, work),
                       "f.cnf:2:1: what; mend it or leave out `project`", BadInstance);
  CHECK(said.empty());
  request.project = false;
  CHECK(solve(kYes, {shown, "", true}, request, work).models->models == enumerate_assignments(kYes).models);
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("f.cnf: weights"));
  CHECK(said[1].ends_with("`project` counts over those"));
}

TEST_CASE("solve: what is asked for and cannot be written is said") {
  const test::TemporaryFolder folder;
  std::vector<std::string> said;
  const Work work{.warn = [&](const std::string& text) { said.push_back(text); }};
  SolveRequest request = by_code("reed-solomon", "0");
  request.certificate = folder.file("c");
  CHECK_FALSE(solved(kNo, request, work).satisfiable.has_value());
  request = of_order(2);
  request.proof = folder.file("p");
  CHECK_FALSE(solved(kYes, request, work).proof_seconds.has_value());
  REQUIRE(said.size() == 2);
  CHECK(said[0].starts_with("no certificate is written"));
  CHECK(said[1].starts_with("satisfiable"));
  CHECK(folder.entries() == 0);
  request.certificate = folder.file("c");
  CHECK(solved(kNo, request, work).proof_seconds.has_value());
  CHECK(folder.entries() == 2);
  CHECK(said.size() == 2);
}

TEST_CASE("solve and reduce through a code: a model that is not found in time is done without") {
  const Cnf hard = parity(15).cnf;  // 105 variables, on which the solver takes many minutes
  Dimacs dimacs;
  dimacs.cnf = hard;
  ReduceRequest reduction;
  reduction.to = word_of(FileKind::gap_max_ip);
  reduction.order = 24;
  reduction.family = family_on_route("reed-solomon");
  reduction.code.honest_seconds = 0.1;
  CHECK_THROWS_WITH_AS(reduce({problem_row("cnf"), std::move(dimacs)}, "f.cnf", reduction, {}),
                       doctest::Contains("the search for Merlin's best message"), LimitReached);
  SolveRequest request = of_order(24);
  request.family = reduction.family;
  request.code = reduction.code;
  request.code.advice = AskedAdvice{AdviceKind::honest};
  Work work;
  work.limits.tuples = mpz_class(1) << 110;
  CHECK_THROWS_WITH_AS(solved(hard, request, work), doctest::Contains("none is found"), std::invalid_argument);
}
