// SPDX-License-Identifier: MIT
// In: the numbers of a formula. Out: what deciding it by the direct route would take. Both faces call it.
#include "atlas/estimate.hpp"

#include "reductions/listable.hpp"
#include "support/decimal.hpp"
#include "verify/claim_json.hpp"

namespace gapwright {
namespace {

constexpr int kEstimateDigits = 17;

}  // namespace

Estimate estimate(const EstimateRequest& request) {
  check_formula_numbers(request.variables, request.clauses);
  Cnf cnf;
  cnf.variables = request.variables;
  cnf.made_by = request.made_by;
  check_listable(cnf, request.order);
  const SatToOrthogonalVectors to_vectors(cnf, request.order);
  std::vector<mpz_class> set_sizes;
  for (std::size_t u = 0; u < request.order; ++u) set_sizes.push_back(to_vectors.set_size(u));
  DirectOptions options = request.direct;
  options.delta = request.delta.value_or(forward_delta());
  Estimate e{request, direct_embedding(set_sizes, request.clauses, options), {}, 0, 0, 0};
  options.delta = gradient_delta(e.direct.rows());
  e.for_gradients = direct_embedding(std::move(set_sizes), request.clauses, options);
  e.tuples = decision_tuples(e.direct);
  e.vector_bits = vector_bits(e.direct);
  e.memory = decision_bytes(e.direct);
  return e;
}

nlohmann::ordered_json estimate_json(const Estimate& estimate, const Limits& limits) {
  const DirectEmbedding& e = estimate.direct;
  auto sizes = nlohmann::ordered_json::array();
  for (const mpz_class& n : e.set_sizes) sizes.push_back(exact_json(n));
  return {
      {"order", estimate.request.order},
      {"variables", estimate.request.variables},
      {"clauses", estimate.request.clauses},
      {"sizes", sizes},
      {"dimension", e.vector_dimension},
      {"tuples", exact_json(estimate.tuples)},
      {"orthogonal_vectors_bits", exact_json(estimate.vector_bits)},
      {"attention_dimension", e.dimension},
      {"attention_bytes", exact_json(tensor_bytes(e))},
      {"entry_bound", e.entry_bound},
      {"gamma", decimal_down(e.gamma, kEstimateDigits)},
      {"yes_at_least", decimal_down(e.yes_at_least, kEstimateDigits)},
      {"no_at_most", decimal_up(e.no_at_most, kEstimateDigits)},
      {"delta", delta_text(e.delta)},
      {"gradient", {{"delta", delta_text(estimate.for_gradients.delta)}, {"entry_bound", estimate.for_gradients.entry_bound}}},
      {"memory_bytes", exact_json(estimate.memory)},
      {"fits", estimate.memory <= limits.memory}};
}

}  // namespace gapwright
