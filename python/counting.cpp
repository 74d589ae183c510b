// SPDX-License-Identifier: MIT
// Models and violated clauses counted: requests to atlas/solve of which the numbers alone are handed out.
#include "python/solve.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

SolveRequest numbers_alone(std::size_t order) {
  SolveRequest request;
  request.order = order;
  request.oracle_seconds.reset();
  request.numbers_alone = true;
  return request;
}

mpz_class count_models(const Formula& formula, std::size_t order, bool project, const Pace& pace) {
  SolveRequest request = numbers_alone(order);
  request.count = true;
  request.project = project;
  const SolveResult result = solved(formula, request, pace);
  return (project ? result.projected : result.models)->models;
}

py::tuple fewest_violated(const Formula& formula, std::size_t order, const Pace& pace) {
  SolveRequest request = numbers_alone(order);
  request.max = true;
  const SolveResult result = solved(formula, request, pace);
  return py::make_tuple(result.fewest->clauses, literals_of(*result.assignment), integer_of(result.fewest->attained_by));
}

}  // namespace

void bind_counting(py::module_& module) {
  module.def(
      "count_models",
      [](const std::shared_ptr<Formula>& formula, std::size_t order, bool project, double max_tuples,
         const py::object& memory_limit, unsigned threads, std::optional<double> timeout) {
        return integer_of(count_models(*formula, order, project, {threads, timeout, limits_of(memory_limit, max_tuples)}));
      },
      "formula"_a, py::kw_only(), "order"_a = 3, "project"_a = false, "max_tuples"_a = 1e18, "memory_limit"_a = py::none(),
      "threads"_a = 0, "timeout"_a = py::none(),
      "The exact number of models: of orthogonal tuples of the k-OV instance, an int. project: of assignments of the variables\n"
      "Formula.shown that have models, by branching; a formula read with such variables is warned of otherwise.");
  module.def(
      "fewest_violated",
      [](const std::shared_ptr<Formula>& formula, std::size_t order, double max_tuples, const py::object& memory_limit,
         unsigned threads, std::optional<double> timeout) {
        return fewest_violated(*formula, order, {threads, timeout, limits_of(memory_limit, max_tuples)});
      },
      "formula"_a, py::kw_only(), "order"_a = 3, "max_tuples"_a = 1e18, "memory_limit"_a = py::none(), "threads"_a = 0,
      "timeout"_a = py::none(),
      "(violated, assignment, attained_by): every assignment leaves at least `violated` clauses unsatisfied, `assignment` "
      "leaves\n"
      "just as many, and so do `attained_by` in all.");
}

}  // namespace gapwright::python
