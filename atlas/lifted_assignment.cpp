// SPDX-License-Identifier: MIT
#include "atlas/lifted_assignment.hpp"

#include "reductions/listable.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/errors.hpp"

namespace gapwright {

LiftedAssignment lifted_assignment(const Cnf& cnf, const std::string& name, const std::string& sha256, const ListedRows& listed,
                                   const std::vector<std::size_t>& witness) {
  check_listable(cnf, witness.size());
  const SatToOrthogonalVectors rule(cnf, witness.size());
  try {
    LiftedAssignment lifted{sha256, rule.pull(0, vectors_of_rows(rule, listed, witness))};
    if (!accepts(cnf, lifted.assignment)) throw BadInstance("the witness does not lift to a satisfying assignment");
    return lifted;
  } catch (const BadInstance& e) {
    throw BadInstance(name + ": " + e.what() +
                      "; the instance was not made from this formula, or its rows are not the vectors in order (`causal`)");
  }
}

}  // namespace gapwright
