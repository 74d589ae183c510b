// SPDX-License-Identifier: MIT
#include "cli/formula.hpp"

#include <fmt/format.h>

#include "instances/errors.hpp"
#include "instances/message.hpp"

namespace gapwright::cli {

Cnf read_formula(const Context& context, const InputBytes& input, bool strict) {
  return read_dimacs_noted(context, input, strict).cnf;
}

Dimacs read_dimacs_noted(const Context& context, const InputBytes& input, bool strict) {
  Dimacs dimacs = read_dimacs(input, strict);
  for (const auto& warning : dimacs.warnings) warn(warning);
  if (dimacs.tautologies > 0) say(context, fmt::format("{}: {} tautological clauses kept", input.name(), dimacs.tautologies));
  if (dimacs.repeated_literals > 0)
    say(context, fmt::format("{}: {} clauses with repeated literals kept", input.name(), dimacs.repeated_literals));
  return dimacs;
}

std::string formula_text(const Cnf& cnf) { return formula_text(cnf, cnf.clauses.size()); }

std::string formula_text(const Cnf& cnf, std::size_t clauses) {
  const std::string name = cnf.made_by.sources.empty() ? "formula" : cnf.made_by.sources[0].name;
  return fmt::format("{}: {} variables, {} clauses", shown_message(name), cnf.variables, clauses);
}

SatToAttention checked_pipeline(const Context& context, const Cnf& cnf, const DirectOptions& options) {
  check_listable(cnf, context.order);
  SatToAttention rule(cnf, context.order, options);
  const DirectEmbedding& e = rule.embedding();
  const std::string what = fmt::format("{} at k = {} (n_0 = {}, {} keys per row)", formula_text(cnf), context.order,
                                       size_text(e.set_sizes[0]), count_text(e.main_tuples));
  check_memory(context.limits, what, decision_bytes(e));
  check_tuples(context.limits, what, e.main_tuples * e.query_rows, e.vector_dimension);
  return rule;
}

}  // namespace gapwright::cli
