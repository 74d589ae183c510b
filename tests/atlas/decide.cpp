// SPDX-License-Identifier: MIT
#include "atlas/decide.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "atlas/problems/instance_data.hpp"
#include "reductions/pipeline.hpp"
#include "support/errors.hpp"
#include "support/write_file.hpp"
#include "tests/support.hpp"

using namespace gapwright;

namespace {

const Cnf kYes{3, {{1, 2}, {-1, 3}, {-2, -3}}, {}};
const Cnf kNo{1, {{1}, {-1}}, {}};

AnyInstance formula(Cnf cnf) {
  Dimacs dimacs;
  dimacs.cnf = std::move(cnf);
  return {problem_row("cnf"), std::move(dimacs)};
}

/// One coordinate, all ones but for the vectors named.
OrthogonalVectors vectors(bool orthogonal) {
  OrthogonalVectors ov;
  ov.dimension = 1;
  ov.sets.assign(2, BitMatrix(2, 1));
  for (BitMatrix& set : ov.sets)
    for (std::size_t r = 0; r < 2; ++r) set.set(r, 0, !orthogonal || r == 0);
  return ov;
}

/// The largest inner product is 2.
GapMaxIp gap(const Gap& thresholds) {
  GapMaxIp g;
  g.dimension = 3;
  g.sets.assign(2, BitMatrix(1, 3));
  for (BitMatrix& set : g.sets)
    for (std::size_t c = 0; c < 2; ++c) set.set(0, c);
  g.gap = thresholds;
  return g;
}

void check_refused(const AnyInstance& instance, const DecideRequest& request, const char* why) {
  CHECK_THROWS_WITH_AS(decide(instance, request, {}), doctest::Contains(why), std::invalid_argument);
  CHECK_THROWS_WITH_AS(check_request(request, instance.problem()), doctest::Contains(why), std::invalid_argument);
}

}  // namespace

TEST_CASE("decide: a formula, and vectors, as instances of the atlas and as structs") {
  const DecideResult yes = decide(formula(kYes), {}, {});
  CHECK(yes.answer == Answer::yes);
  CHECK(yes.verdict() == "yes");
  REQUIRE(yes.witness);
  CHECK(problem_row("cnf").objection(formula(kYes), {}, *yes.witness).empty());
  CHECK(decide(formula(kNo), {}, {}).answer == Answer::no);
  CHECK(decide(vectors(true), {}, {}, {}).witness == WitnessNumbers{0, 1});
  const DecideResult no = decide({problem_row("orthogonal-vectors"), OrthogonalVectorsFile{vectors(false), true}}, {}, {});
  CHECK(no.verdict() == "no");
  CHECK(no.work.tuples == 4);
  CHECK(no.contradicted());
  CHECK(!decide(vectors(false), false, {}, {}).contradicted());
}

TEST_CASE("decide: outside the promise is a no that contradicts a yes") {
  const DecideResult outside = decide(gap({3, 1}), true, {}, {});
  CHECK(outside.verdict() == "outside-promise");
  CHECK(outside.contradicted());
  CHECK(!decide(gap({3, 1}), false, {}, {}).contradicted());
  CHECK(decide(gap({2, 1}), {}, {}, {}).verdict() == "yes");
  CHECK(decide(gap({3, 2}), {}, {}, {}).verdict() == "no");
}

TEST_CASE("decide: attention by every method") {
  for (const auto& [cnf, expected] : {std::pair(kYes, Answer::yes), std::pair(kNo, Answer::no)}) {
    DirectOptions options;
    options.delta = mpq_class(1, 64);
    const SatToAttention rule(cnf, 2, options);
    const AnyInstance bits(problem_row("attention"), AttentionData(rule.target(0)));
    for (const auto& method : Names<DecideMethod>::all) {
      CAPTURE(method.name);
      DecideRequest request;
      request.method = method.value;
      const DecideResult result = decide(bits, request, {});
      CHECK(result.answer == expected);
      CHECK(std::holds_alternative<GradientDecision>(result.detail) == (method.value == DecideMethod::gradient));
    }
  }
}

TEST_CASE("decide: sizes are refused by the name of the instance, before anything is looked at") {
  Work work;
  work.limits.tuples = 3;
  work.control = [](const std::string&) -> RunControl { throw std::logic_error("work has begun"); };
  DecideRequest request;
  CHECK_THROWS_WITH_AS(decide(vectors(true), {}, request, work), doctest::Contains("the instance"), LimitReached);
  request.name = "x.npy";
  CHECK_THROWS_WITH_AS(decide(vectors(true), {}, request, work), doctest::Contains("x.npy"), LimitReached);
  work.limits.memory = 1;
  CHECK_THROWS_WITH_AS(decide(kYes, {}, {}, work), doctest::Contains("the formula, given to CryptoMiniSat, needs"), LimitReached);
  CHECK_THROWS_WITH_AS(decide(gap({2, 1}), {}, {}, work), doctest::Contains("memory"), LimitReached);
}

TEST_CASE("decide: what a request may not say") {
  const AnyInstance input(problem_row("attention"), AttentionData(written_out(SatToAttention(kYes, 2).target(0))));
  const AnyInstance sets(problem_row("orthogonal-vectors"), OrthogonalVectorsFile{vectors(true), {}});
  DecideRequest request;
  request.method = DecideMethod::verdict;
  check_refused(sets, request, "`method` and `precision` go with an attention input");
  check_refused(formula(kYes), request, "`method` and `precision` go with an attention input");
  for (const long bits : {15L, (1L << 20) + 1}) check_refused(input, {"", {}, bits}, "give 16 to 1048576 bits");
  check_refused(input, {"", DecideMethod::gradient, 64}, "leave out `precision`");
  request = {};
  request.record.formula = [] { return SourceFormula{}; };
  check_refused(input, request, "`formula` goes with `certificate`");
  check_refused(sets, request, "`formula` goes with `certificate`");
}

TEST_CASE("decide: what cannot be recorded") {
  const test::TemporaryFolder folder;
  DecideRequest request;
  request.record.certificate = folder.file("c");
  CHECK_THROWS_WITH_AS(decide(vectors(true), {}, request, {}), doctest::Contains("are about a file"), std::invalid_argument);
  request.record.files = {std::string(64, '0')};
  CHECK_THROWS_WITH_AS(decide(kNo, {}, request, {}), doctest::Contains("solve `proof`"), std::invalid_argument);
  const Attention input = written_out(SatToAttention(kYes, 2).target(0));
  for (const DecideMethod method : {DecideMethod::balls, DecideMethod::gradient}) {
    request.method = method;
    CHECK_THROWS_WITH_AS(decide(input, request, {}), doctest::Contains("has no certificate"), std::invalid_argument);
  }
  CHECK(folder.entries() == 0);
  request.method = {};
  CHECK(decide(input, request, {}).answer == Answer::yes);
  CHECK(folder.entries() == 1);
}

TEST_CASE("decide: a checkpoint that is not kept is said once, and the work goes on") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directory(folder.file("gone"));
  std::vector<std::string> said;
  Work work;
  work.warn = [&](const std::string& text) { said.push_back(text); };
  work.control = [&](const std::string&) {
    std::filesystem::remove(folder.file("gone"));
    return RunControl{};
  };
  DecideRequest request;
  request.record = {"", folder.file("gone/c"), 0, {std::string(64, '0')}};
  CHECK(decide(written_out(SatToAttention(kNo, 2).target(0)), request, work).answer == Answer::no);  // all rows
  REQUIRE(said.size() == 1);
  CHECK(said[0].starts_with("no checkpoint is kept, the work goes on"));
}

TEST_CASE("decide: what is written overwrites neither what was read nor what is written besides") {
  const test::TemporaryFolder folder;
  write_file(folder.file("a"), "read");
  DecideRequest request;
  request.record = {folder.file("a"), "", 60, {std::string(64, '0')}, {folder.file("a")}};
  const AnyInstance input(problem_row("attention"), AttentionData(written_out(SatToAttention(kYes, 2).target(0))));
  check_refused(input, request, "would overwrite the input");
  request.record.certificate = request.record.checkpoint = folder.file("c");
  check_refused(input, request, "`certificate` and `checkpoint` name the same file");
  request.record.checkpoint = folder.file("none/c");
  check_refused(input, request, "cannot be written");
  CHECK(folder.entries() == 1);
}
