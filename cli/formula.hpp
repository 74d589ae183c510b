// SPDX-License-Identifier: MIT
#pragma once
#include <string>

#include "cli/context.hpp"
#include "instances/cnf.hpp"
#include "instances/files/dimacs.hpp"
#include "support/files.hpp"

namespace gapwright::cli {

/// The same with what comments say to model counters; what is odd goes to standard error.
Dimacs read_dimacs_noted(const Context&, const InputBytes& input, bool strict);

/// Reads a formula; what is odd goes to standard error. An input is opened once only: standard input and pipes cannot be read again.
Cnf read_formula(const Context&, const InputBytes& input, bool strict);

/// "uf20-01.cnf: 20 variables, 91 clauses".
std::string formula_text(const Cnf&);
std::string formula_text(const Cnf&, std::size_t clauses);

}  // namespace gapwright::cli
