#pragma once
#include <gmpxx.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <cmath>
#include <string>

#include "codes/symbol_matrix.hpp"
#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"

// numpy arrays and exact numbers, in and out. Arrays that come in are copied once, into the instance that then owns them; arrays
// that go out own the library's memory, or look into an instance that they keep alive: no copies.
namespace gapwright::python {

namespace py = pybind11;

/// Sixteen-byte floats have bits that a double does not; complex numbers, objects and strings are no entries.
inline void require_numbers(const py::array& array, const std::string& name, const char* kinds) {
  if (array.ndim() != 2)
    throw std::invalid_argument(name + " has " + std::to_string(array.ndim()) + " axes, a matrix has 2: (rows, columns)");
  if (std::string(kinds).find(array.dtype().kind()) == std::string::npos || array.dtype().itemsize() > 8)
    throw std::invalid_argument(name + " has dtype " + std::string(py::str(array.dtype())) +
                                "; convert it first, for instance .astype('float64')");
}

/// (rows, columns) of floats or integers of at most 8 bytes; 16- and 32-bit floats are widened exactly.
inline Matrix matrix_of(const py::array& array, const std::string& name) {
  require_numbers(array, name, "fiub");
  const auto values = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!values) throw py::error_already_set();
  Matrix m;
  m.rows = static_cast<std::size_t>(values.shape(0));
  m.columns = static_cast<std::size_t>(values.shape(1));
  m.entries.assign(values.data(), values.data() + values.size());
  return m;
}

/// (rows, columns) of zeros and ones.
inline BitMatrix bits_of(const py::array& array, const std::string& name) {
  require_numbers(array, name, "fiub");
  const auto values = py::array_t<double, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!values) throw py::error_already_set();
  BitMatrix bits(static_cast<std::size_t>(values.shape(0)), static_cast<std::size_t>(values.shape(1)));
  const auto view = values.unchecked<2>();
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) {
      const double v = view(static_cast<py::ssize_t>(r), static_cast<py::ssize_t>(c));
      if (v != 0 && v != 1)
        throw std::invalid_argument(name + "[" + std::to_string(r) + ", " + std::to_string(c) + "] is " +
                                    std::string(py::str(py::float_(v))) + "; vectors hold 0 and 1");
      if (v == 1) bits.set(r, c);
    }
  return bits;
}

inline SymbolMatrix symbols_of(const py::array& array, const std::string& name) {
  require_numbers(array, name, "iub");
  const auto values = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!values) throw py::error_already_set();
  SymbolMatrix m(static_cast<std::size_t>(values.shape(0)), static_cast<std::size_t>(values.shape(1)));
  for (std::size_t i = 0; i < m.symbols.size(); ++i) {
    const std::int64_t v = values.data()[i];
    if (v < 0 || v > 65535) throw std::invalid_argument(name + " holds " + std::to_string(v) + "; field elements are 0 to Q - 1");
    m.symbols[i] = static_cast<Symbol>(v);
  }
  return m;
}

/// An array that owns the vector.
template <class T>
py::array owning(std::vector<T> values, std::vector<py::ssize_t> shape) {
  auto* owned = new std::vector<T>(std::move(values));
  const py::capsule owner(owned, [](void* p) { delete static_cast<std::vector<T>*>(p); });
  return py::array_t<T>(std::move(shape), owned->data(), owner);
}
inline py::array array_of(Matrix m) {
  const auto rows = static_cast<py::ssize_t>(m.rows), columns = static_cast<py::ssize_t>(m.columns);
  return owning(std::move(m.entries), {rows, columns});
}
inline py::array array_of(SymbolMatrix m) {
  const auto rows = static_cast<py::ssize_t>(m.rows), columns = static_cast<py::ssize_t>(m.columns);
  return owning(std::move(m.symbols), {rows, columns});
}
inline py::array array_of(const BitMatrix& bits) {
  std::vector<std::uint8_t> entries(bits.rows * bits.columns);
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) entries[r * bits.columns + c] = bits.get(r, c);
  return owning(std::move(entries), {static_cast<py::ssize_t>(bits.rows), static_cast<py::ssize_t>(bits.columns)});
}

/// A read-only look into a matrix that `owner` keeps alive.
inline py::array view_of(const Matrix& m, const py::handle& owner) {
  py::array_t<double> view({static_cast<py::ssize_t>(m.rows), static_cast<py::ssize_t>(m.columns)}, m.entries.data(), owner);
  view.attr("flags").attr("writeable") = false;
  return view;
}

inline py::object integer_of(const mpz_class& n) {
  return py::reinterpret_steal<py::object>(PyLong_FromString(n.get_str().c_str(), nullptr, 10));
}
inline py::object fraction_of(const mpq_class& q) {
  return py::module_::import("fractions").attr("Fraction")(integer_of(q.get_num()), integer_of(q.get_den()));
}
inline py::object fraction_of(const std::optional<mpq_class>& q) { return q ? fraction_of(*q) : py::none(); }

/// The exact value of a Fraction, an int, or a float.
inline std::optional<mpq_class> rational_of(const py::object& number) {
  if (number.is_none()) return std::nullopt;
  const py::object fraction = py::module_::import("fractions").attr("Fraction")(number);
  mpq_class q(mpz_class(std::string(py::str(fraction.attr("numerator")))),
              mpz_class(std::string(py::str(fraction.attr("denominator")))));
  q.canonicalize();
  return q;
}

}  // namespace gapwright::python
