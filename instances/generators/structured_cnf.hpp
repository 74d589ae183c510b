// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <optional>
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "support/run_control.hpp"

// Structured formulas of proof complexity (docs/generators.md says which principle, from where, and how variables are numbered).
// Clause counts are closed forms, so a size can be refused before anything is built. Every function throws std::invalid_argument
// for parameters without sense.
namespace gapwright {

/// A formula and its answer, where a theorem says it.
struct StructuredCnf {
  Cnf cnf;
  std::optional<bool> satisfiable;
  std::string reason;  ///< of the answer, or why none is stated
};

/// "gen pigeonhole 4 3": the command that makes a formula, for its provenance.
std::string structured_command(const std::string& family, const std::vector<std::size_t>& numbers);

/// Number of variables and clauses, and literals in all clauses.
struct CnfSize {
  mpz_class variables, clauses, literals;
};
/// Bytes of memory for making and printing a formula: literals and the vector of each clause, and its text, up to 12 characters a literal, twice
/// while that grows.
mpz_class formula_bytes(const CnfSize&);

/// Each of `pigeons` sits in one of `holes`, no two share one. Variable (p, h) is p holes + h + 1. Satisfiable iff
/// pigeons <= holes.
CnfSize pigeonhole_size(std::size_t pigeons, std::size_t holes);
StructuredCnf pigeonhole(std::size_t pigeons, std::size_t holes, const RunControl& control = {});

/// n points fall into pairs ("counting principle", "parity"). Variables are the pairs in lexicographic order. Satisfiable iff n
/// is even.
CnfSize parity_size(std::size_t points);
StructuredCnf parity(std::size_t points, const RunControl& control = {});

/// A graph on n vertices without an independent set of `independent` vertices and without a clique of `clique`. Variables are the
/// pairs in lexicographic order. Satisfiable iff n < R(independent, clique).
CnfSize ramsey_size(std::size_t independent, std::size_t clique, std::size_t vertices);
StructuredCnf ramsey(std::size_t independent, std::size_t clique, std::size_t vertices, const RunControl& control = {});

/// 1..n in two colours, no arithmetic progression of `first` numbers all in the first colour (false), none of `second` in the
/// other (true). Variable i is true iff i has the second colour. Satisfiable iff n < W(first, second).
CnfSize van_der_waerden_size(std::size_t numbers, std::size_t first, std::size_t second);
StructuredCnf van_der_waerden(std::size_t numbers, std::size_t first, std::size_t second, const RunControl& control = {});

/// A linear order of n elements without a least one. Variable of the pair i < j, in lexicographic order: i is before j.
/// Unsatisfiable for n >= 1.
CnfSize ordering_size(std::size_t elements);
StructuredCnf ordering(std::size_t elements, const RunControl& control = {});

}  // namespace gapwright
