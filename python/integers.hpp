// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

// Exact numbers, in and out. Python's decimal digits are limited to 4,300 and cost quadratic time, so integers cross in base 16.
namespace gapwright::python {

namespace py = pybind11;

/// Throws std::invalid_argument naming `what` unless the object is an integer by its own word (__index__): a float, a Fraction or
/// a Decimal would lose its fraction.
mpz_class integer_from(const py::handle& number, const std::string& what);
py::object integer_of(const mpz_class&);
/// The integers of a witness. Throws std::invalid_argument for what is none; nothing when one does not fit 64 bits, as no index does.
std::optional<std::vector<std::int64_t>> witness_from(const py::object& integers);
/// The integer or fraction "a/b" that a JSON answer writes in digits.
py::object fraction_of_digits(const std::string& digits);

py::object fraction_of(const mpq_class&);
py::object fraction_of(const std::optional<mpq_class>&);  ///< None for none

/// The exact value of a Fraction, an int, or a float of any width; none for None.
std::optional<mpq_class> rational_of(const py::object& number, const std::string& what);

/// The same as a double. Throws std::invalid_argument naming `what` when no double has that value: nothing is rounded in silence.
double double_of(const py::object& number, const std::string& what);

}  // namespace gapwright::python

namespace pybind11::detail {

/// Integer arguments: only what has __index__, and only in range. pybind11's own conversion takes what has __int__ too, which
/// cuts off the fractions of numpy's floats, of Fraction and of Decimal.
template <class Int>
struct exact_integer_caster {
  PYBIND11_TYPE_CASTER(Int, const_name("int"));

  bool load(handle source, bool) {
    if (!source || PyIndex_Check(source.ptr()) == 0) return false;
    const object index = reinterpret_steal<object>(PyNumber_Index(source.ptr()));
    if (!index) throw error_already_set();
    if constexpr (std::is_signed_v<Int>) {
      const long long number = PyLong_AsLongLong(index.ptr());
      return fits(number, number == -1);
    } else {
      const unsigned long long number = PyLong_AsUnsignedLongLong(index.ptr());
      return fits(number, number == std::numeric_limits<unsigned long long>::max());
    }
  }
  static handle cast(Int number, return_value_policy, handle) {
    if constexpr (std::is_signed_v<Int>)
      return PyLong_FromLongLong(number);
    else
      return PyLong_FromUnsignedLongLong(number);
  }

 private:
  template <class Wide>
  bool fits(Wide number, bool perhaps_failed) {
    if (perhaps_failed && PyErr_Occurred() != nullptr) {
      PyErr_Clear();  // out of range: the caller raises TypeError with the arguments
      return false;
    }
    value = static_cast<Int>(number);
    return number >= static_cast<Wide>(std::numeric_limits<Int>::min()) &&
           number <= static_cast<Wide>(std::numeric_limits<Int>::max());
  }
};
template <>
struct type_caster<int> : exact_integer_caster<int> {};
template <>
struct type_caster<unsigned> : exact_integer_caster<unsigned> {};
template <>
struct type_caster<long> : exact_integer_caster<long> {};
template <>
struct type_caster<unsigned long> : exact_integer_caster<unsigned long> {};

}  // namespace pybind11::detail
