// SPDX-License-Identifier: MIT
// `sat_to_orthogonal_vectors` in campaigns. Differential: CryptoMiniSat, brute force over assignments and over tuples, and the
// scoring kernels (first tuple, count, and the smallest product, which is the fewest clauses any assignment violates).
#include <algorithm>

#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/brute_force.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kMostVariables = 7;

using Rule = SatToOrthogonalVectors;
using Mutant = RuleMutant<Rule>;

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "lost-clause",
       .corrupts = "the last coordinate is 0 in the last set",
       .target =
           [](const Rule&, const mpz_class&, OrthogonalVectors& ov) {
             bool changed = false;
             for (std::size_t r = 0; r < ov.sets.back().rows; ++r)
               changed |= change_bit(ov.sets.back(), r, ov.dimension - 1, false);
             return changed;
           }},
      {.name = "lost-bit",
       .corrupts = "the first 1 is a 0",
       .target = [](const Rule&, const mpz_class&, OrthogonalVectors& ov) { return change_first_bit(ov.sets, false); }},
      {.name = "gained-bit",
       .corrupts = "the first 0 is a 1",
       .target = [](const Rule&, const mpz_class&, OrthogonalVectors& ov) { return change_first_bit(ov.sets, true); }},
      {.name = "complement",
       .corrupts = "assignments of group 0 read as their complements",
       .target =
           [](const Rule&, const mpz_class&, OrthogonalVectors& ov) {
             const BitMatrix before = ov.sets[0];
             for (std::size_t r = 0; r < before.rows; ++r)
               std::copy_n(before.row(before.rows - 1 - r).begin(), before.words_per_row, ov.sets[0].row(r).begin());
             return !(before == ov.sets[0]);
           }},
      {.name = "lost-assignment",
       .corrupts = "the last assignment of group 0 is not listed",
       .target =
           [](const Rule&, const mpz_class&, OrthogonalVectors& ov) {
             if (ov.sets[0].rows < 2) return false;
             --ov.sets[0].rows;
             ov.sets[0].words.resize(ov.sets[0].rows * ov.sets[0].words_per_row);
             return true;
           }},
      {.name = "ones-for-no-clauses",
       .corrupts = "M = 0 appends a coordinate of ones, not of zeros",
       .target =
           [](const Rule& rule, const mpz_class&, OrthogonalVectors& ov) {
             if (rule.dimension() != 1 ||
                 std::any_of(ov.sets.begin(), ov.sets.end(), [](const BitMatrix& set) { return set.get(0, 0); }))
               return false;
             for (BitMatrix& set : ov.sets)
               for (std::size_t r = 0; r < set.rows; ++r) set.set(r, 0);
             return true;
           }},
      {.name = "push-reversed",
       .corrupts = "push gives the groups in reverse",
       .push =
           [](const Rule&, mpz_class&, OrthogonalVectors::Witness& w) {
             const auto before = w;
             std::reverse(w.begin(), w.end());
             return w != before;
           }},
      {.name = "pull-flips",
       .corrupts = "pull negates the first variable",
       .pull =
           [](const Rule&, const OrthogonalVectors::Witness&, Cnf::Witness& w) {
             if (w.empty()) return false;
             w[0].flip();
             return true;
           }},
      {.name = "size-off-by-one",
       .corrupts = "the stated size is a bit too large",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.target_bits += 1;
             return true;
           }},
      {.name = "yes-needs-two",
       .corrupts = "the yes threshold is two tuples",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.yes_at_least += 1;
             return true;
           }},
      without_gap<Rule>(),
  };
  return all;
}

void compare(Judge& judge, const Cnf& cnf, const OrthogonalVectors& target, const CnfCensus& census) {
  const SatAnswer solver = ask_cryptominisat(cnf);
  judge.require(solver.satisfiable == (census.models > 0) && (census.models == 0 || accepts(cnf, solver.model)), "cryptominisat");
  const OrthogonalCensus tuples = enumerate_tuples(target);
  judge.require(tuples.orthogonal == census.models, "brute-force");
  const auto smallest = smallest_inner_product(target);
  judge.require(first_orthogonal_tuple(target) == tuples.first && count_orthogonal_tuples(target) == mpz_class(tuples.orthogonal),
                "kernels");
  judge.require(smallest && smallest->product == census.fewest_violated, "max-sat");
}

Findings check(const FuzzCase& c, const std::string& name) {
  const Cnf& cnf = formula_in(c);
  if (cnf.variables > kMostVariables + 3) throw NoCase("too many variables for brute force");
  const Mutant& mutant = mutant_named(mutants(), name);
  const Rule rule(cnf, c.parameters.order);
  const Mutated<Rule> mutated(rule, mutant);
  Judge judge;
  const CnfCensus census = enumerate_assignments(cnf);
  judge.guard([&] { judge.take(conformance::broken_oracles(mutated, cnf, true)); });
  judge.guard([&] { compare(judge, cnf, mutated.target(0), census); });
  return {judge.broken, census.models > 0, mutated.changed()};
}

}  // namespace

FuzzedRule fuzz_sat_to_orthogonal_vectors() {
  FuzzedRule rule{"sat_to_orthogonal_vectors", conformance::kOracles, names_of(mutants()), {}, check};
  for (const char* more : {"cryptominisat", "brute-force", "kernels", "max-sat", "throws"}) rule.oracles.push_back(more);
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"sat_to_orthogonal_vectors", {}, {}};
    c.parameters.order = draw_order(random, 6);
    c.source = formula ? *formula : draw_formula(random, kMostVariables, 4 + random.below(24));
    return c;
  };
  return rule;
}

}  // namespace gapwright
