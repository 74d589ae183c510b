// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/decide.hpp"
#include "atlas/problem.hpp"
#include "python/arrays.hpp"

// Instance: any problem of the atlas whose row tells its parts, in Python.
namespace gapwright::python {

/// What Python holds of an instance.
struct RowInstance {
  AnyInstance instance;
  std::optional<WitnessNumbers> planted = {};
};

/// Its answer, as its problem finds it. Throws Refuted when the instance says that it has the other one.
DecideResult decided(const RowInstance& row, double max_tuples, const py::object& memory_limit, std::optional<double> timeout);

void bind_any_instance(py::module_& module);

}  // namespace gapwright::python
