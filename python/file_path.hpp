// SPDX-License-Identifier: MIT
#pragma once
#include <pybind11/stl/filesystem.h>

#include <filesystem>
#include <stdexcept>

namespace gapwright::python {

/// A file or folder that a caller names, to be read or written. "-", to the library standard input or output, is refused with ValueError: the module
/// reads and writes files alone. So is "", to the library no file.
struct FilePath : std::filesystem::path {
  using path::path;
  using path::operator=;
};

}  // namespace gapwright::python

namespace pybind11::detail {

template <>
struct type_caster<gapwright::python::FilePath> : path_caster<gapwright::python::FilePath> {
  bool load(handle given, bool convert) {
    if (!path_caster::load(given, convert)) return false;
    if (value.empty()) throw std::invalid_argument("the path '' names no file; name one, or leave the argument out");
    if (value.native() == "-")
      throw std::invalid_argument("the path '-' is no file here; name one, as the text './-' for one of that name");
    return true;
  }
};

}  // namespace pybind11::detail
