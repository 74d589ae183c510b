// SPDX-License-Identifier: MIT
// `sat_to_attention`, the direct route from formula to attention, in campaigns: what `solve` rests on, against CryptoMiniSat.
#include <algorithm>
#include <cmath>

#include "explore/fuzz/attention.hpp"
#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/pipeline.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kMostVariables = 6;

using Rule = SatToAttention;
using Mutant = RuleMutant<Rule>;
using Witness = BitAttention::Witness;

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "half-gamma",
       .corrupts = "gamma is halved: ln(1/delta) is not paid for",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             a.terms.entry_bound *= std::pow(0.5, 1.0 / static_cast<double>(rule.embedding().order()));
             return true;
           }},
      {.name = "clause-lost-on-the-way",
       .corrupts = "the queries lose the last clause",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             bool changed = false;
             for (std::size_t r = 0; r < a.queries.rows; ++r)
               changed |= change_bit(a.queries, r, rule.embedding().vector_dimension - 1, false);
             return changed;
           }},
      {.name = "pull-without-modulo",
       .corrupts = "pull reads a repeated row as an assignment of its own",
       .pull =
           [](const Rule& rule, const Witness& t, Cnf::Witness& w) {
             bool changed = false;
             for (std::size_t u = 0; u < t.size(); ++u) changed |= t[u] >= rule.embedding().set_sizes[u].get_ui();
             if (changed && !w.empty()) w[0].flip();
             return changed && !w.empty();
           }},
      {.name = "pull-in-reverse",
       .corrupts = "pull gives the variables in reverse",
       .pull =
           [](const Rule&, const Witness&, Cnf::Witness& w) {
             const auto before = w;
             std::reverse(w.begin(), w.end());
             return w != before;
           }},
      {.name = "push-shifted",
       .corrupts = "push takes the key after the right one",
       .push =
           [](const Rule& rule, mpz_class&, Witness& w) {
             w.back() = (w.back() + 1) % rule.embedding().set_sizes.back().get_ui();
             return rule.embedding().set_sizes.back() > 1;
           }},
      without_gap<Rule>(),
      expecting_yes<Rule>(),
  };
  return all;
}

const FuzzedRule::Mutant kSolverMutant{"solver-loses-a-clause", "CryptoMiniSat is given the formula without its last clause"};

Findings check(const FuzzCase& c, const std::string& name) {
  const Cnf& cnf = formula_in(c);
  if (cnf.variables > kMostVariables + 2) throw NoCase("too many variables for balls");
  const FuzzParameters& p = c.parameters;
  const Rule rule(cnf, p.order, direct_options(p));
  Cnf for_solver = cnf;
  const bool of_solver = name == kSolverMutant.name, solver_changed = of_solver && !cnf.clauses.empty();
  if (solver_changed) for_solver.clauses.pop_back();
  const Mutated<Rule> mutated(rule, mutant_named(mutants(), of_solver ? "" : name));
  const bool satisfiable = !conformance::all_witnesses(cnf).empty();
  Judge judge;
  judge.require(ask_cryptominisat(for_solver).satisfiable == satisfiable, "cryptominisat");
  judge.guard([&] { judge.take(conformance::broken_oracles(mutated, cnf, !p.square && !p.causal)); });
  judge.guard([&] {
    judge.take(broken_attention_oracles(mutated.target(0), mutated.guarantee(), satisfiable,
                                        [&](const Witness& w) { return accepts(cnf, mutated.pull(0, w)); }));
  });
  return {judge.broken, satisfiable, mutated.changed() || solver_changed};
}

}  // namespace

FuzzedRule fuzz_sat_to_attention() {
  FuzzedRule rule{"sat_to_attention", conformance::kOracles, names_of(mutants()), {}, check};
  rule.mutants.push_back(kSolverMutant);
  rule.oracles.insert(rule.oracles.end(), kAttentionOracles.begin(), kAttentionOracles.end());
  for (const char* more : {"cryptominisat", "throws"}) rule.oracles.push_back(more);
  rule.draw = [](Random& random, const Cnf* formula) {
    constexpr int kBits[] = {53, 53, 24, 8};
    FuzzCase c{"sat_to_attention", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 5);
    p.square = random.below(4) == 0 && p.order <= 3;
    p.significand_bits = kBits[random.below(std::size(kBits))];
    c.source = formula ? *formula : draw_formula(random, p.square ? 5 : kMostVariables, 4 + random.below(16));
    draw_layout(random, p);
    return c;
  };
  return rule;
}

}  // namespace gapwright
