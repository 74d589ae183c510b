// SPDX-License-Identifier: MIT
#include "python/integers.hpp"

#include <cmath>
#include <stdexcept>
#include <string>

namespace gapwright::python {
namespace {

/// The value of a Python int.
mpz_class value_of(const py::object& integer) {
  const py::object digits = py::reinterpret_steal<py::object>(PyNumber_ToBase(integer.ptr(), 16));  // "0x1f", "-0x1f"
  if (!digits) throw py::error_already_set();
  std::string text = py::str(digits);
  text.erase(text.find("0x"), 2);
  return mpz_class(text, 16);
}

py::object fraction(const py::object& numerator, const py::object& denominator) {
  return py::module_::import("fractions").attr("Fraction")(numerator, denominator);
}

/// As a Fraction, exactly.
py::object exact_value(const py::object& number) {
  if (!py::hasattr(number, "as_integer_ratio")) return fraction(number, py::none());
  const py::tuple ratio = number.attr("as_integer_ratio")();  // floats of any width, Decimal, Fraction
  return fraction(ratio[0], ratio[1]);
}

/// The same; what Python says of what is no number does not name the keyword.
py::object exact_value(const py::object& number, const std::string& what) {
  try {
    return exact_value(number);
  } catch (const py::error_already_set& e) {
    const std::string text = what + " is " + std::string(py::repr(number)) + "; give a number";
    if (e.matches(PyExc_TypeError)) throw py::type_error(text);
    if (e.matches(PyExc_ValueError) || e.matches(PyExc_ArithmeticError)) throw std::invalid_argument(text);
    throw;
  }
}

}  // namespace

mpz_class integer_from(const py::handle& number, const std::string& what) {
  if (PyIndex_Check(number.ptr()) == 0)
    throw std::invalid_argument(what + " is " + std::string(py::repr(number)) + "; give an integer");
  const py::object index = py::reinterpret_steal<py::object>(PyNumber_Index(number.ptr()));
  if (!index) throw py::error_already_set();
  return value_of(index);
}

py::object integer_of(const mpz_class& n) {
  py::object integer = py::reinterpret_steal<py::object>(PyLong_FromString(n.get_str(16).c_str(), nullptr, 16));
  if (!integer) throw py::error_already_set();
  return integer;
}

std::optional<std::vector<std::int64_t>> witness_from(const py::object& integers) {
  std::vector<std::int64_t> numbers;
  for (const py::handle& one : integers) {
    const mpz_class number = integer_from(one, "number " + std::to_string(numbers.size()) + " of the witness");
    if (!number.fits_slong_p()) return std::nullopt;
    numbers.push_back(number.get_si());
  }
  return numbers;
}

py::object fraction_of(const mpq_class& q) { return fraction(integer_of(q.get_num()), integer_of(q.get_den())); }
py::object fraction_of(const std::optional<mpq_class>& q) { return q ? fraction_of(*q) : py::none(); }
py::object fraction_of_digits(const std::string& digits) { return fraction_of(mpq_class(digits, 10)); }

std::optional<mpq_class> rational_of(const py::object& number, const std::string& what) {
  if (number.is_none()) return std::nullopt;
  if (PyIndex_Check(number.ptr()) != 0 && !py::hasattr(number, "__array__")) return mpq_class(integer_from(number, what));
  const py::object exact = exact_value(number, what);
  mpq_class q(value_of(exact.attr("numerator")), value_of(exact.attr("denominator")));
  q.canonicalize();
  return q;
}

double double_of(const py::object& number, const std::string& what) {
  if (PyFloat_Check(number.ptr())) return PyFloat_AS_DOUBLE(number.ptr());  // NaN and infinity are looked at by who takes it
  const std::optional<mpq_class> exact = rational_of(number, what);
  if (!exact) throw std::invalid_argument(what + " is None; give a number");
  const double rounded = exact->get_d();
  if (!std::isfinite(rounded) || mpq_class(rounded) != *exact)
    throw std::invalid_argument(what + " is " + std::string(py::repr(number)) +
                                ", which no double equals; round it first: float(...)");
  return rounded;
}

}  // namespace gapwright::python
