// SPDX-License-Identifier: MIT
#include "cli/formula.hpp"

#include <fmt/format.h>

#include "cli/instance_input.hpp"
#include "support/errors.hpp"
#include "support/message.hpp"

namespace gapwright::cli {

Cnf read_formula(const Context& context, const InputBytes& input, bool strict) {
  return read_dimacs_noted(context, input, strict).cnf;
}

Dimacs read_dimacs_noted(const Context& context, const InputBytes& input, bool strict) {
  return read_noted(context, problem_row("cnf"), {InputFile(input)}, strict).as<Dimacs>();
}

std::string formula_text(const Cnf& cnf) { return formula_text(cnf, cnf.clauses.size()); }

std::string formula_text(const Cnf& cnf, std::size_t clauses) {
  const std::string name = cnf.made_by.sources.empty() ? "formula" : cnf.made_by.sources[0].name;
  return fmt::format("{}: {}, {}", shown_message(name), counted(cnf.variables, "variable"), counted(clauses, "clause"));
}

SatToAttention checked_pipeline(const Context& context, const Cnf& cnf, const DirectOptions& options) {
  check_listable(cnf, context.order);
  SatToAttention rule(cnf, context.order, options);
  const DirectEmbedding& e = rule.embedding();
  const std::string what = fmt::format("{} at k = {} (n_0 = {}, {} per row)", formula_text(cnf), context.order,
                                       size_text(e.set_sizes[0]), counted(count_text(e.main_tuples), "key"));
  check_memory(context.limits, what, decision_bytes(e));
  check_tuples(context.limits, what, e.main_tuples * e.query_rows, e.vector_dimension);
  return rule;
}

}  // namespace gapwright::cli
