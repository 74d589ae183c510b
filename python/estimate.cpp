// SPDX-License-Identifier: MIT
// estimate: the numbers of a formula in, the object of `gapwright estimate --json` out.
#include "atlas/estimate.hpp"

#include "python/instances.hpp"
#include "python/objects.hpp"
#include "python/watched.hpp"

namespace gapwright::python {
namespace {

using namespace py::literals;

py::object estimate_sizes(std::size_t variables, std::size_t clauses, std::size_t order, bool square, bool causal, bool centred,
                          const py::object& delta, const py::object& memory_limit, std::optional<double> timeout) {
  check_order(order);
  EstimateRequest request{order, variables, clauses, {}, rational_of(delta, "delta"), {}};
  request.direct.square = square;
  request.direct.causal = causal;
  request.direct.centred = centred;
  const Limits limits = limits_of(memory_limit);
  return object_of(watched({0, timeout, limits}, [&](const RunControl&) { return estimate_json(estimate(request), limits); }));
}

}  // namespace

void bind_estimate(py::module_& module) {
  module.def("_estimate", &estimate_sizes, py::kw_only(), "variables"_a, "clauses"_a, "order"_a = 3, "square"_a = false,
             "causal"_a = false, "centred"_a = false, "delta"_a = py::none(), "memory_limit"_a = py::none(),
             "timeout"_a = py::none());
}

}  // namespace gapwright::python
