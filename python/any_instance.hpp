// SPDX-License-Identifier: MIT
#pragma once
#include "atlas/problem.hpp"
#include "python/arrays.hpp"

// Instance: any problem of the atlas whose row tells its parts, in Python.
namespace gapwright::python {

/// What Python holds of an instance.
struct RowInstance {
  AnyInstance instance;
  std::optional<WitnessNumbers> planted = {};
};

void bind_any_instance(py::module_& module);

}  // namespace gapwright::python
