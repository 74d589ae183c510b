// SPDX-License-Identifier: MIT
// Matched pairs of real formulas.
//
// Let F be random 3-SAT with M clauses c_1, ..., c_M such that F has no model and c_1, ..., c_{M-1} have some. Every model of
// these falsifies c_M, so all three literals of c_M are false in it, and negating any one of them gives a clause that all of
// these models satisfy. Hence: the formula F' with the first literal of c_M negated has exactly the models of c_1, ..., c_{M-1},
// at least one. F and F' have equal N and M and differ in one sign. A model of F' falsifies exactly one clause of F: the pair is
// as close as formulas of one shape can be, and at the most satisfied assignment F misses by one. The condition is that the
// clause that takes the last model is the M-th; near the threshold that is so for some per cent of all formulas.
//
// Example: N = 3, all eight sign patterns in any order: F' has one model, the one that c_8 excluded from F.
#include "explore/regime/formula_pair.hpp"

#include <cmath>
#include <stdexcept>

#include "instances/generators/random_ksat.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/errors.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kFormulaDraws = 2000, kClauseWidth = 3;

bool satisfiable(const Cnf& cnf, const RunControl& control) {
  const SatAnswer answer = ask_cryptominisat(cnf, control);
  control.check();
  if (!answer.satisfiable) throw LimitReached("the solver was stopped");
  return *answer.satisfiable;
}

}  // namespace

std::size_t clauses_for(std::size_t variables, double per_variable) {
  return static_cast<std::size_t>(std::max(1.0, std::ceil(per_variable * static_cast<double>(variables) - 1e-9)));
}

FormulaPair formula_pair(std::size_t variables, std::size_t clauses, std::uint64_t seed, const RunControl& control) {
  if (variables < kClauseWidth)
    throw std::invalid_argument("random 3-SAT needs 3 variables or more, not " + std::to_string(variables));
  if (clauses == 0) throw std::invalid_argument("a formula without clauses has no last clause");
  FormulaPair pair;
  for (pair.draws = 1; pair.draws <= kFormulaDraws; ++pair.draws) {
    pair.formula_seed = seed * 1'000'000 + pair.draws - 1;
    pair.no = random_ksat(variables, clauses, kClauseWidth, false, pair.formula_seed, control).cnf;
    if (satisfiable(pair.no, control)) continue;
    pair.yes = pair.no;
    pair.yes.clauses.pop_back();
    if (!satisfiable(pair.yes, control)) continue;
    pair.yes.clauses.push_back(pair.no.clauses.back());
    pair.yes.clauses.back().front() *= -1;
    return pair;
  }
  throw LimitReached("random 3-SAT with " + std::to_string(variables) + " variables: in " + std::to_string(kFormulaDraws) +
                     " formulas the last model never fell at clause " + std::to_string(clauses) +
                     "; take a ratio near 4.26 (`per_variable`)");
}

ListedPair listed(const FormulaPair& pair, std::size_t order, const RunControl& control) {
  const OrthogonalVectors yes = SatToOrthogonalVectors(pair.yes, order).target(0),
                          no = SatToOrthogonalVectors(pair.no, order).target(0);
  const auto first = first_orthogonal_tuple(yes, control);
  if (!first || count_orthogonal_tuples(no, control) != 0)
    throw std::logic_error("the solver and the count of all tuples disagree about formula " + std::to_string(pair.formula_seed));
  return {{yes.sets, no.sets, *first}, yes.dimension, count_orthogonal_tuples(yes, control)};
}

}  // namespace gapwright
