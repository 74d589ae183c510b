// SPDX-License-Identifier: MIT
#include "cli/formula.hpp"

#include <fmt/format.h>

#include "cli/instance_input.hpp"
#include "support/message.hpp"

namespace gapwright::cli {

Cnf read_formula(const Context& context, const InputBytes& input, bool strict) {
  return read_dimacs_noted(context, input, strict).cnf;
}

Dimacs read_dimacs_noted(const Context& context, const InputBytes& input, bool strict) {
  const InputFile file(input);
  expect_formula(file);
  return read_noted(context, problem_row("cnf"), {file}, strict).as<Dimacs>();
}

std::string formula_text(const Cnf& cnf) { return formula_text(cnf, cnf.clauses.size()); }

std::string formula_text(const Cnf& cnf, std::size_t clauses) {
  const std::string name = cnf.made_by.sources.empty() ? "formula" : cnf.made_by.sources[0].name;
  return fmt::format("{}: {}, {}", shown_message(name), counted(cnf.variables, "variable"), counted(clauses, "clause"));
}

}  // namespace gapwright::cli
