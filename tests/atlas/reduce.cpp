// SPDX-License-Identifier: MIT
#include "atlas/reduce.hpp"

#include <doctest/doctest.h>

#include "atlas/problems/instance_data.hpp"
#include "support/errors.hpp"

using namespace gapwright;

namespace {

/// Two sets in dimension 2, with an orthogonal pair or without.
AnyInstance vectors(bool orthogonal, std::optional<bool> expected) {
  OrthogonalVectors ov;
  ov.dimension = 2;
  ov.sets = {BitMatrix(2, 2), BitMatrix(2, 2)};
  for (BitMatrix& set : ov.sets)
    for (std::size_t row = 0; row < 2; ++row) set.set(row, 0);
  if (orthogonal) ov.sets[1] = BitMatrix(2, 2);
  return {problem_row("orthogonal-vectors"), OrthogonalVectorsFile{ov, expected}};
}

AnyInstance formula(bool satisfiable) {
  Dimacs dimacs;
  dimacs.cnf = satisfiable ? Cnf{3, {{1, 2}, {-1, 3}, {-2, -3}}, {}} : Cnf{2, {{1, 2}, {1, -2}, {-1, 2}, {-1, -2}}, {}};
  return {problem_row("cnf"), dimacs};
}

ReduceRequest request_of(const char* route, std::optional<AskedAdvice> advice, bool expect) {
  ReduceRequest request;
  request.order = 2;
  request.family = family_on_route(route);
  if (request.family) request.to = word_of(FileKind::gap_max_ip);
  request.code.advice = advice;
  request.expect = expect;
  return request;
}

void check_contradiction(AnyInstance source, const ReduceRequest& request, const char* why) {
  CHECK_THROWS_WITH_AS(reduce(std::move(source), "f", request, {}), why, BadInstance);
}

const char* const kIsYes = "f: the answer is yes, and it expects no; correct or remove what it expects";
const char* const kIsNo = "f: the answer is no, and it expects yes; correct or remove what it expects";

}  // namespace

TEST_CASE("reduce: an expected answer that is found false is refused, one that holds is kept") {
  const std::optional<AskedAdvice> best = AskedAdvice{AdviceKind::best}, zero = AskedAdvice{AdviceKind::message};
  check_contradiction(vectors(true, false), request_of("direct", {}, true), kIsYes);
  check_contradiction(vectors(false, true), request_of("direct", {}, true), kIsNo);
  for (const bool expect : {false, true}) {  // Merlin, who searches, finds it out anyway
    check_contradiction(vectors(true, false), request_of("reed-solomon", {}, expect), kIsYes);
    check_contradiction(vectors(true, false), request_of("reed-solomon", best, expect), kIsYes);
    check_contradiction(vectors(false, true), request_of("reed-solomon", best, expect), kIsNo);
  }
  for (const bool yes : {false, true}) {
    CHECK(reduce(vectors(yes, yes), "f", request_of("direct", {}, true), {}).expected == yes);
    CHECK(reduce(vectors(yes, yes), "f", request_of("reed-solomon", best, true), {}).expected == yes);
    CHECK(reduce(vectors(yes, {}), "f", request_of("direct", {}, true), {}).expected == yes);
    CHECK(reduce(vectors(yes, !yes), "f", request_of("direct", {}, false), {}).expected == !yes);  // nobody looked
  }
  CHECK(reduce(vectors(false, true), "f", request_of("reed-solomon", zero, true), {}).expected ==
        false);  // of this message alone
}

TEST_CASE("reduce: what is known of a formula is compared with what is found, and goes to the target without a code") {
  for (const bool yes : {false, true}) {
    ReduceRequest request = request_of("direct", {}, true);
    request.known = !yes;
    check_contradiction(formula(yes), request, yes ? kIsYes : kIsNo);
    request.known = yes;
    CHECK(reduce(formula(yes), "f", request, {}).expected == yes);
    request.expect = false;
    const Reduced made = reduce(formula(yes), "f", request, {});
    CHECK(made.expected == yes);
    CHECK(made.made_by.command == "reduce - --to attention -k 2 --route direct --expect");
  }
}

TEST_CASE("reduce: Merlin is honest where a witness is found, else he gives his best reply") {
  for (const bool yes : {false, true}) {
    const auto message = [&](std::optional<AskedAdvice> advice) {
      return reduce(formula(yes), "f", request_of("reed-solomon", advice, false), {}).message.value();
    };
    CHECK(message({}) == message(AskedAdvice{yes ? AdviceKind::honest : AdviceKind::best}));
  }
}
