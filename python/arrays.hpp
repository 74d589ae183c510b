// SPDX-License-Identifier: MIT
#pragma once
#include "python/integers.hpp"  // before numpy.h, which converts integers

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "codes/symbol_matrix.hpp"
#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"

// Arrays, in and out. Arrays that come in are copied once, into the instance that then owns them; arrays that go out own the
// library's memory, or look into an instance that they keep alive: no copies.
namespace gapwright::python {

/// What numpy makes of an array, a tensor (detached from its graph, moved to the CPU, bfloat16 widened to float32, all exact) or
/// nested sequences of these. What numpy or the tensor raises is raised.
py::array array_from(const py::object& given);

/// (rows, columns) of floats or integers of at most 8 bytes; 16- and 32-bit floats are widened exactly. Throws
/// std::invalid_argument naming the entry for an integer that no double equals.
Matrix matrix_of(const py::object& given, const std::string& name);
/// One (rows, columns) array, or a sequence of them.
std::vector<Matrix> matrices_of(const py::object& given, const std::string& name);
/// (rows, columns) of zeros and ones.
BitMatrix bits_of(const py::object& given, const std::string& name);

/// (rows, columns) of integers of any type, looked at where they lie. Reading them calls nothing of Python's, so it needs no lock of the
/// interpreter's and can be watched, and it takes no memory but the result's.
class SymbolArray {
 public:
  SymbolArray(const py::object& given, const std::string& name);
  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }
  /// Throws std::invalid_argument naming the entry that is not 0 to 65535.
  SymbolMatrix read(const Progress& progress) const;

 private:
  template <class Integer>
  void read_as(SymbolMatrix& to, const Progress& progress) const;

  py::array array_;  ///< keeps the entries
  std::string name_;
  const char* data_;
  std::size_t rows_, columns_;
  std::ptrdiff_t row_stride_, column_stride_;
  bool swapped_;  ///< the bytes of an entry are in the other order
  void (SymbolArray::*read_)(SymbolMatrix&, const Progress&) const;
};

/// An array that owns the vector.
template <class T>
py::array owning(std::vector<T> values, std::vector<py::ssize_t> shape) {
  auto* owned = new std::vector<T>(std::move(values));
  const py::capsule owner(owned, [](void* p) { delete static_cast<std::vector<T>*>(p); });
  return py::array_t<T>(std::move(shape), owned->data(), owner);
}
py::array array_of(Matrix m);
py::array array_of(SymbolMatrix m);
py::array array_of(const BitMatrix& bits);

/// A read-only look into a matrix that `owner` keeps alive.
py::array view_of(const Matrix& m, const py::handle& owner);
py::array view_of(const SymbolMatrix& m, const py::handle& owner);
py::array view_of(const std::vector<Symbol>& symbols, std::vector<py::ssize_t> shape, const py::handle& owner);

}  // namespace gapwright::python
