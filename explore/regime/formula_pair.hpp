// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>

#include "instances/cnf.hpp"
#include "instances/generators/matched_vectors.hpp"
#include "support/run_control.hpp"

// Matched pairs of random 3-SAT formulas at the threshold: one literal apart, one with models and one without.
namespace gapwright {

/// Random 3-SAT with as many clauses as asked for, conditioned on this: the formula has no model, and without its last clause it
/// has one. `yes` is the same formula with the first literal of the last clause negated, `no` the formula itself.
struct FormulaPair {
  Cnf yes, no;
  std::uint64_t formula_seed = 0;  ///< gen random-ksat --seed with it writes `no`
  std::size_t draws = 0;
};

/// Draws with formula_seed = 1,000,000 seed + 0, 1, ... (mod 2^64); CryptoMiniSat answers. Throws LimitReached after 2,000 draws
/// without a pair, std::invalid_argument for fewer than 3 variables or no clauses.
FormulaPair formula_pair(std::size_t variables, std::size_t clauses, std::uint64_t seed, const RunControl& = {});

/// ceil(per_variable N).
std::size_t clauses_for(std::size_t variables, double per_variable);

/// The pair split and listed into `order` sets; `tuple` is the lexicographically first orthogonal tuple of the yes instance.
/// All tuples are counted: throws std::logic_error when that contradicts the solver.
struct ListedPair {
  VectorPair vectors;
  std::size_t dimension = 0;
  mpz_class models;  ///< of the yes formula
};
ListedPair listed(const FormulaPair&, std::size_t order, const RunControl& = {});

}  // namespace gapwright
