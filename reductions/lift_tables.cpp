// SPDX-License-Identifier: MIT
#include "reductions/lift_tables.hpp"

namespace gapwright {

LiftStep lift_step(const SatToOrthogonalVectors& rule) {
  LiftStep step{"cnf -> orthogonal-vectors", LiftStep::Kind::bits, {}, {}, {}, {}};
  std::int32_t next = 1;
  for (std::size_t u = 0; u < rule.order(); ++u) {
    step.variables.emplace_back();
    for (std::size_t b = mpz_sizeinbase(rule.set_size(u).get_mpz_t(), 2) - 1; b > 0; --b) step.variables.back().push_back(next++);
  }
  return step;
}

LiftStep lift_step(const DirectEmbedding& e) {
  LiftStep step{"orthogonal-vectors -> attention", LiftStep::Kind::rows, {e.query_rows.get_ui()}, {}, {}, {}};
  for (const mpz_class& keys : e.data_keys) step.rows.push_back(keys.get_ui());
  for (const mpz_class& size : e.set_sizes) step.sizes.push_back(size.get_ui());
  if (e.causal) {  // any row is a query, row 0 of the keys is the pad
    const std::uint64_t slots = e.key_slots().get_ui(), queries = step.sizes[0];
    step.rows[0] = e.causal_rows().get_ui();
    step.first.assign(step.rows.size(), 1);
    step.first[0] = 0;
    step.shift.push_back(queries - slots % queries);
    for (std::size_t u = 1; u < step.sizes.size(); ++u) step.shift.push_back(step.sizes[u] - 1);
  }
  return step;
}

LiftStep identity_lift(const std::string& rule, const std::vector<std::size_t>& rows) {
  return {rule, LiftStep::Kind::rows, {rows.begin(), rows.end()}, {rows.begin(), rows.end()}, {}, {}};
}

}  // namespace gapwright
