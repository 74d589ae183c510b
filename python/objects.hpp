// SPDX-License-Identifier: MIT
#pragma once
#include <pybind11/pybind11.h>

#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

namespace gapwright::python {

namespace py = pybind11;

/// An answer of the program as plain objects: dict, list, str, int, float, bool, None. Integers that JSON holds as text, beyond 2^53
/// (verify/claim_json), are ints, and so are the texts under `integer_keys`, which JSON holds as text whatever their size. What the user named
/// (files, programs) and messages stay text whatever they look like. Bytes that are no UTF-8 become U+FFFD,
/// and messages name keywords (support/said_json).
py::object object_of(const nlohmann::ordered_json& json, const std::vector<std::string_view>& integer_keys = {});

}  // namespace gapwright::python
