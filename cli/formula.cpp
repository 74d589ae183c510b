#include "cli/formula.hpp"

#include <fmt/format.h>

#include "cli/limits.hpp"
#include "instances/errors.hpp"
#include "instances/message.hpp"

namespace gapwright::cli {

Cnf read_formula(const Context& context, const InputBytes& input, bool strict) { return read_dimacs_noted(context, input, strict).cnf; }

Dimacs read_dimacs_noted(const Context& context, const InputBytes& input, bool strict) {
  Dimacs dimacs = read_dimacs(input, strict);
  for (const auto& warning : dimacs.warnings) warn(warning);
  if (dimacs.tautologies > 0) say(context, fmt::format("{}: {} tautological clauses kept", input.name(), dimacs.tautologies));
  if (dimacs.repeated_literals > 0) say(context, fmt::format("{}: {} clauses with repeated literals kept", input.name(), dimacs.repeated_literals));
  return dimacs;
}

std::string formula_text(const Cnf& cnf) { return formula_text(cnf, cnf.clauses.size()); }

std::string formula_text(const Cnf& cnf, std::size_t clauses) {
  const std::string name = cnf.made_by.sources.empty() ? "formula" : cnf.made_by.sources[0].name;
  return fmt::format("{}: {} variables, {} clauses", shown_message(name), cnf.variables, clauses);
}

mpz_class decision_bytes(const DirectEmbedding& e) {
  const mpz_class words = (e.dimension + 63) / 64;
  const std::size_t groups = std::size_t{1} << (e.order() - 1);
  const auto block = [](const mpz_class& n) { return mpz_class((n + 511) / 512 * 512); };
  mpz_class rows = 0;  // of vectors, attention bits, and every group's index (about four copies of its rows, at least a block of 512 for each set)
  for (const mpz_class& n : e.set_sizes) rows += n;
  const mpz_class extra = e.causal ? e.query_rows : mpz_class(0);
  rows += (e.query_rows + (e.causal ? e.key_slots() : mpz_class(0))) * (1 + 2 * mpz_class(groups));
  for (const mpz_class& n : e.data_keys)
    rows += (n + 1 + extra) * 2 + mpz_class(groups) / 2 * (std::max(mpz_class(4 * n), block(n)) + std::max(mpz_class(4 * (1 + extra)), block(1 + extra)));
  return rows * words * 8;
}

SatToAttention checked_pipeline(const Context& context, const Cnf& cnf, const DirectOptions& options) {
  check_listable(cnf, context.order);
  SatToAttention rule(cnf, context.order, options);
  const DirectEmbedding& e = rule.embedding();
  const std::string what = fmt::format("{} at k = {} (n_0 = {}, {} keys per row)", formula_text(cnf), context.order, size_text(e.set_sizes[0]),
                                       count_text(e.main_tuples));
  check_memory(context, what, decision_bytes(e));
  check_tuples(context, what, e.main_tuples * e.query_rows, e.vector_dimension);
  return rule;
}

}  // namespace gapwright::cli
