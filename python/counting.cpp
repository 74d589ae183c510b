// SPDX-License-Identifier: MIT
// Models and violated clauses, counted through orthogonal tuples.
#include "python/instances.hpp"
#include "python/watched.hpp"
#include "reductions/listable.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/errors.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/projected_models.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

/// Split and list, where all vectors fit into memory and there are not too many tuples.
SatToOrthogonalVectors checked_vectors(const Cnf& cnf, std::size_t order, const Limits& limits) {
  check_order(order);
  check_listable(cnf, order);
  SatToOrthogonalVectors rule(cnf, order);
  check_memory(limits, "the k-OV instance", rule.target_bytes() * 7);  // six times as much in the index
  mpz_class tuples = 1;
  for (std::size_t u = 0; u < order; ++u) tuples *= rule.set_size(u);
  check_tuples(limits, "the formula", tuples, rule.dimension());
  return rule;
}

/// What a file says to model counters is followed, refused, or warned of.
void check_shown(const Formula& formula, bool project) {
  if (project && !formula.shown)
    throw std::invalid_argument("project=True: the formula was read without 'c p show' or 'c ind' lines");
  if (project && !formula.shown_trouble.empty()) throw BadInstance(formula.shown_trouble);
  if (formula.shown && !project &&
      PyErr_WarnEx(PyExc_UserWarning, "models over all variables are counted; project=True counts over Formula.shown", 1) != 0)
    throw py::error_already_set();
}

mpz_class count_models(const std::shared_ptr<Formula>& formula, std::size_t order, bool project, const Limits& limits,
                       unsigned threads, std::optional<double> timeout) {
  check_shown(*formula, project);
  if (project)
    return watched({threads, timeout, limits}, [&](const RunControl& control) {
      return count_projected_models(formula->instance, *formula->shown, control);
    });
  return watched({threads, timeout, limits}, [&](const RunControl& control) {
    const SatToOrthogonalVectors rule = checked_vectors(formula->instance, order, limits);
    return count_orthogonal_tuples(rule.target(0, control), control);
  });
}

/// The fewest violated clauses, an assignment that violates so few, and how many do.
struct FewestViolated {
  std::uint64_t violated = 0;
  Literals assignment;
  mpz_class attained_by;
};

FewestViolated fewest_violated(const std::shared_ptr<Formula>& formula, std::size_t order, const Limits& limits, unsigned threads,
                               std::optional<double> timeout) {
  return watched({threads, timeout, limits}, [&](const RunControl& control) {
    const SatToOrthogonalVectors rule = checked_vectors(formula->instance, order, limits);
    const auto best = smallest_inner_product(rule.target(0, control), control).value();
    return FewestViolated{best.product, literals_of(rule.pull(0, best.first)), best.tuples};
  });
}

}  // namespace

void bind_counting(py::module_& module) {
  module.def(
      "count_models",
      [](const std::shared_ptr<Formula>& formula, std::size_t order, bool project, double max_tuples,
         const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
        return integer_of(count_models(formula, order, project, limits_of(memory_limit, max_tuples), threads, timeout));
      },
      "formula"_a, py::kw_only(), "order"_a = 3, "project"_a = false, "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
      "threads"_a = 0, "timeout"_a = py::none(),
      "The exact number of models: of orthogonal tuples of the k-OV instance, an int. project: of assignments of the variables\n"
      "Formula.shown that have models, by branching; a formula read with such variables is warned of otherwise.");
  module.def(
      "fewest_violated",
      [](const std::shared_ptr<Formula>& formula, std::size_t order, double max_tuples, const py::object& memory_limit,
         unsigned threads, std::optional<double> timeout) {
        const FewestViolated best = fewest_violated(formula, order, limits_of(memory_limit, max_tuples), threads, timeout);
        return py::make_tuple(best.violated, best.assignment, integer_of(best.attained_by));
      },
      "formula"_a, py::kw_only(), "order"_a = 3, "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
      "timeout"_a = py::none(),
      "(violated, assignment, attained_by): every assignment leaves at least `violated` clauses unsatisfied, `assignment` "
      "leaves\n"
      "just as many, and so do `attained_by` in all.");
}

}  // namespace gapwright::python
