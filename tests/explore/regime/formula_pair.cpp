// SPDX-License-Identifier: MIT
#include "explore/regime/formula_pair.hpp"

#include <bit>

#include "explore/regime/boundary.hpp"
#include "explore/regime/code_pair.hpp"
#include "instances/generators/random_ksat.hpp"
#include "support/fields_in_message.hpp"
#include "tests/support.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/brute_force.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

/// Models by trying all assignments.
std::size_t models(const Cnf& cnf) {
  std::size_t count = 0;
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << cnf.variables; ++bits) {
    Cnf::Witness assignment(cnf.variables);
    for (std::size_t v = 0; v < cnf.variables; ++v) assignment[v] = (bits >> v & 1) != 0;
    count += accepts(cnf, assignment) ? 1 : 0;
  }
  return count;
}

TEST_CASE("formula pairs: one literal apart, no model and some, by trying all assignments") {
  for (const std::uint64_t seed : {1, 2, 3})
    for (const std::size_t variables : {6, 9}) {
      const FormulaPair pair = formula_pair(variables, clauses_for(variables, 4.26), seed);
      const std::size_t last = pair.no.clauses.size() - 1;
      CHECK(models(pair.no) == 0);
      CHECK(models(pair.yes) > 0);
      CHECK(pair.no.clauses == random_ksat(variables, last + 1, 3, false, pair.formula_seed).cnf.clauses);
      for (std::size_t c = 0; c < last; ++c) CHECK(pair.yes.clauses[c] == pair.no.clauses[c]);
      CHECK(pair.yes.clauses[last][0] == -pair.no.clauses[last][0]);
      CHECK(pair.yes.clauses[last][1] == pair.no.clauses[last][1]);
      CHECK(pair.yes.clauses[last][2] == pair.no.clauses[last][2]);
      Cnf without = pair.no;
      without.clauses.pop_back();
      CHECK(models(without) == models(pair.yes));  // the negated literal costs no model
      CHECK(listed(pair, 3).models == models(pair.yes));
    }
}

TEST_CASE("formula pairs: a listed pair that contradicts the solver's word is not taken") {
  FormulaPair pair = formula_pair(6, 26, 1);
  std::swap(pair.yes, pair.no);
  CHECK_THROWS_AS(listed(pair, 2), std::logic_error);
}

TEST_CASE("formula pairs: sizes without a pair are refused") {
  CHECK_THROWS_AS(formula_pair(2, 9, 1), std::invalid_argument);
  CHECK_THROWS_AS(formula_pair(6, 0, 1), std::invalid_argument);
  CHECK(with_options(test::message_of<LimitReached>([] { formula_pair(6, 4, 1); })).find("--per-variable") != std::string::npos);
  CHECK(clauses_for(12, 4.26) == 52);
  CHECK(clauses_for(50, 4.26) == 213);  // exact products are not rounded up
  CHECK(formula_variables(3, 16) == 12);
  CHECK(test::message_of<std::invalid_argument>([] { formula_variables(2, 24); }).find("16 or 32") != std::string::npos);
}

TEST_CASE("ksat pairs: the yes instance has a row for its models, and both routes' outputs are those of softmax in balls") {
  for (const Embedding embedding : {Embedding::direct, Embedding::sharp}) {
    const HardPair pair = hard_pair({2, 8, 26, embedding, PairFamily::ksat, 5});
    REQUIRE(pair.built);
    REQUIRE(pair.formula);
    CHECK(pair.formula->variables == 6);
    CHECK(pair.dimension == pair.yes.queries.columns);
    CHECK(pair.dimension == pair.no.queries.columns);
    const PairOutputs outputs(pair.counted);
    const double bound = 0.8 * pair.yes.terms.entry_bound;
    const RowGap gap = outputs.gap(bound);
    BitAttention yes = pair.yes, no = pair.no;
    yes.terms.entry_bound = no.terms.entry_bound = bound;
    const auto plain_yes = outputs_by_balls(written_out(yes), 0, 8, 192), plain_no = outputs_by_balls(written_out(no), 0, 8, 192);
    mpq_class largest = 0, best = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      const bool witness = std::ranges::find(pair.counted.witness_rows, i) != pair.counted.witness_rows.end();
      (witness ? best : largest) = std::max(witness ? best : largest, upper(plain_yes[i]));
      largest = std::max(largest, upper(plain_no[i]));
    }
    CHECK(abs(gap.yes_lo - best) < best / 1e25);  // the planted row is the one that shows most
    CHECK(abs(gap.no_hi - largest) < best / 1e25);
    // At the theorem's B both are on their side, and B* is below it.
    const RowGap far = outputs.gap(pair.yes.terms.entry_bound);
    CHECK(far.yes_lo >= *pair.yes.terms.yes_at_least);
    CHECK(far.no_hi <= *pair.yes.terms.no_at_most);
    CHECK(outputs.boundary(GapKind::additive, 0.25, pair.yes.terms.entry_bound));
  }
}

TEST_CASE("ksat pairs by sharp: counts in the factored form are those of the built bits") {
  const HardPair pair = hard_pair({2, 8, 26, Embedding::sharp, PairFamily::ksat, 2});
  const auto plain = all_counts(pair.yes, 0, 8);
  const std::size_t t = pair.formula->shape->coins;
  CHECK(pair.gap.yes_at_least == static_cast<std::int64_t>(t));
  CHECK(pair.gap.no_at_most == static_cast<std::int64_t>(2 * pair.formula->shape->degree));
  for (std::size_t i = 0; i < 8; ++i)
    for (std::size_t s = 0; s < plain[i].main.size(); ++s) {
      CHECK(plain[i].main[s] == (s <= t ? pair.counted.yes[i].main[s] : 0));
      CHECK(plain[i].other[s] == (s <= t ? pair.counted.yes[i].other[s] : 0));
    }
  // Merlin's best reply comes as near as he can: more coins accept than by chance, never more than k D.
  std::size_t most = 0;
  for (const RowCounts& row : pair.counted.no)
    for (std::size_t s = 0; s < row.main.size(); ++s)
      if (row.main[s] > 0) most = std::max(most, s);
  CHECK(static_cast<std::int64_t>(most) <= pair.gap.no_at_most);
  CHECK(2 * most > static_cast<std::size_t>(pair.gap.no_at_most));
}

TEST_CASE("ksat pairs: what is too large to be written out is counted and not built") {
  const HardPair pair = hard_pair({3, 32, 64, Embedding::sharp, PairFamily::ksat, 1});
  const PlanPoint plan = formula_plan(3, 64);
  CHECK(written_bytes(3, 32, plan.dimension) > kMostWrittenBytes);
  CHECK(!pair.built);
  CHECK(pair.yes.queries.rows == 0);
  CHECK(pair.dimension == plan.dimension);
  CHECK(pair.counted.softmax_scale == 1 / plan.dimension.get_d());
  CHECK(pair.counted.no.size() == 32);
  CHECK(PairOutputs(pair.counted).gap(pair.yes.terms.entry_bound).lo() > mpq_class(1, 4));
}

TEST_CASE("ksat pairs: the code is the best of all families that are compared") {
  Planner planner(3, kFormulaCodes);
  const PlanPoint best = formula_plan(3, 39);
  for (const CodeFamily& family : compared_families()) {
    const auto point = planner.least_entries(family, Gadget::boxes, 39);
    REQUIRE(point);
    CHECK(point->entry_constant >= best.entry_constant);
  }
  CHECK(written_bytes(3, 16, 1000) == mpz_class(3) * 17 * 1000 * 8);
}

}  // namespace
}  // namespace gapwright
