// SPDX-License-Identifier: MIT
#include "atlas/lifted_assignment.hpp"

#include "reductions/listable.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/errors.hpp"

namespace gapwright {

std::optional<LiftedAssignment> lifted_assignment(const Cnf& cnf, const std::string& name, const std::string& sha256,
                                                  const std::optional<std::vector<std::size_t>>& witness) {
  if (!witness) return std::nullopt;
  check_listable(cnf, witness->size());
  const SatToOrthogonalVectors rule(cnf, witness->size());
  LiftedAssignment lifted{sha256, rule.pull(0, rule.vectors_of_rows(*witness))};
  if (!accepts(cnf, lifted.assignment))
    throw BadInstance(name +
                      ": the witness does not lift to a satisfying assignment; the instance was not made from this formula, or "
                      "its rows are not the vectors in order (`causal`)");
  return lifted;
}

}  // namespace gapwright
