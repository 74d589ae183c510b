// SPDX-License-Identifier: MIT
// numpy arrays and tensors to the library's matrices and back. An entry becomes a double only when the double equals it: 64-bit
// integers beyond 2^53 that are no multiples of a suitable power of two are refused with their place and value, and so are types
// with more than 8 bytes, complex numbers, objects and text. What Python raises on the way is raised as it is; pybind11's own
// `ensure` forgets it.
#include "python/arrays.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace gapwright::python {
namespace {

py::module_ numpy() { return py::module_::import("numpy"); }

std::string dtype_text(const py::handle& of) { return py::str(of.attr("dtype")); }

/// A tensor as something that numpy reads. Asked of the tensor itself, so that no library of tensors needs to be there.
py::object readable(const py::object& tensor) {
  py::object plain = tensor.attr("detach")();
  if (py::hasattr(plain, "cpu")) plain = plain.attr("cpu")();
  if (py::hasattr(plain, "dtype") && dtype_text(plain).find("bfloat16") != std::string::npos) plain = plain.attr("float")();
  return plain;
}

/// Tensors inside lists and tuples, made readable.
py::object readable_all(const py::object& given) {
  if (py::hasattr(given, "mask") && py::hasattr(given, "filled"))
    throw std::invalid_argument("this is a masked array, whose hidden entries have no value here; fill it first: .filled(0)");
  if (py::hasattr(given, "detach")) return readable(given);
  if (!py::isinstance<py::list>(given) && !py::isinstance<py::tuple>(given)) return given;
  py::list all;
  for (const py::handle& one : given) all.append(readable_all(py::reinterpret_borrow<py::object>(one)));
  return all;
}

/// Throws unless it is a matrix of one of the kinds. Sixteen-byte floats have bits that a double does not; complex numbers,
/// objects and strings are no entries.
py::array matrix_array(const py::object& given, const std::string& name, const char* kinds) {
  const py::array array = array_from(given);
  if (std::string(kinds).find(array.dtype().kind()) == std::string::npos || array.dtype().itemsize() > 8) {
    const std::string none = given.is_none() ? name + " is None" : name + " has dtype " + dtype_text(array);
    const bool integers = std::string(kinds).find('f') == std::string::npos;
    throw std::invalid_argument(none + (integers
                                            ? "; symbols need an integer type: convert it first, for instance .astype('int64')"
                                            : "; convert it first, for instance .astype('float64')"));
  }
  if (array.ndim() != 2)
    throw std::invalid_argument(name + " has " + std::to_string(array.ndim()) + " axes, a matrix has 2: (rows, columns)");
  return array;
}

template <class T>
py::array_t<T, py::array::c_style> converted(const py::array& array) {
  return py::array_t<T, py::array::c_style>(numpy().attr("ascontiguousarray")(array, py::arg("dtype") = py::dtype::of<T>()));
}

/// 64-bit integers: only those that a double equals, which has 53 significant bits.
template <class Integer>
void check_exact(const py::array& array, const std::string& name) {
  const auto values = converted<Integer>(array);
  for (py::ssize_t i = 0; i < values.size(); ++i) {
    const Integer value = values.data()[i];
    const auto bits = static_cast<std::uint64_t>(value);
    const std::uint64_t magnitude = value < 0 ? 0 - bits : bits;
    if (magnitude == 0 || std::bit_width(magnitude) - std::countr_zero(magnitude) <= 53) continue;
    const py::ssize_t columns = values.shape(1);
    throw std::invalid_argument(name + "[" + std::to_string(i / columns) + ", " + std::to_string(i % columns) + "] is " +
                                std::to_string(value) + ", which no double equals; round it first: .astype('float64')");
  }
}

Matrix entries_of(const py::array& array, const std::string& name) {
  if (array.dtype().itemsize() == 8 && array.dtype().kind() == 'i') check_exact<std::int64_t>(array, name);
  if (array.dtype().itemsize() == 8 && array.dtype().kind() == 'u') check_exact<std::uint64_t>(array, name);
  const auto values = converted<double>(array);
  Matrix m;
  m.rows = static_cast<std::size_t>(values.shape(0));
  m.columns = static_cast<std::size_t>(values.shape(1));
  m.entries.assign(values.data(), values.data() + values.size());
  return m;
}

/// "name[1, 2] is 0.5".
std::string entry_text(const Matrix& m, std::size_t r, std::size_t c, const std::string& name) {
  return name + "[" + std::to_string(r) + ", " + std::to_string(c) + "] is " + std::string(py::str(py::float_(m.at(r, c))));
}

}  // namespace

py::array array_from(const py::object& given) {
  const py::object plain = readable_all(given);
  py::object array = numpy().attr("asarray")(plain);
  if (dtype_text(array) == "bfloat16") array = array.attr("astype")("float32");
  return py::array(array);
}

Matrix matrix_of(const py::object& given, const std::string& name) { return entries_of(matrix_array(given, name, "fiub"), name); }

std::vector<Matrix> matrices_of(const py::object& given, const std::string& name) {
  if (py::hasattr(given, "__array__") || py::hasattr(given, "detach")) return {matrix_of(given, name)};
  std::vector<Matrix> all;
  for (const py::handle& one : given)
    all.push_back(matrix_of(py::reinterpret_borrow<py::object>(one), name + "[" + std::to_string(all.size()) + "]"));
  return all;
}

BitMatrix bits_of(const py::object& given, const std::string& name) {
  const Matrix values = matrix_of(given, name);
  BitMatrix bits(values.rows, values.columns);
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) {
      if (values.at(r, c) != 0 && values.at(r, c) != 1)
        throw std::invalid_argument(entry_text(values, r, c, name) + "; vectors hold 0 and 1");
      if (values.at(r, c) == 1) bits.set(r, c);
    }
  return bits;
}

SymbolArray::SymbolArray(const py::object& given, const std::string& name)
    : array_(matrix_array(given, name, "iub")), name_(name) {
  data_ = static_cast<const char*>(array_.data());
  rows_ = static_cast<std::size_t>(array_.shape(0));
  columns_ = static_cast<std::size_t>(array_.shape(1));
  row_stride_ = array_.strides(0);
  column_stride_ = array_.strides(1);
  swapped_ = !array_.dtype().attr("isnative").cast<bool>();
  const bool is_signed = array_.dtype().kind() == 'i';
  switch (array_.dtype().itemsize()) {
    case 1:
      read_ = is_signed ? &SymbolArray::read_as<std::int8_t> : &SymbolArray::read_as<std::uint8_t>;
      break;
    case 2:
      read_ = is_signed ? &SymbolArray::read_as<std::int16_t> : &SymbolArray::read_as<std::uint16_t>;
      break;
    case 4:
      read_ = is_signed ? &SymbolArray::read_as<std::int32_t> : &SymbolArray::read_as<std::uint32_t>;
      break;
    default:
      read_ = is_signed ? &SymbolArray::read_as<std::int64_t> : &SymbolArray::read_as<std::uint64_t>;
  }
}

SymbolMatrix SymbolArray::read(const Progress& progress) const {
  SymbolMatrix m = zero_symbols(rows_, columns_, progress);
  if (!m.symbols.empty()) (this->*read_)(m, progress);
  return m;
}

/// Every entry is copied before it is looked at: another thread may write to the array meanwhile.
template <class Integer>
void SymbolArray::read_as(SymbolMatrix& to, const Progress& progress) const {
  constexpr std::size_t at_once = std::size_t{1} << 20;
  std::size_t i = 0;
  for (std::size_t r = 0; r < rows_; ++r) {
    const char* at = data_ + static_cast<std::ptrdiff_t>(r) * row_stride_;
    for (std::size_t c = 0; c < columns_; ++c, ++i, at += column_stride_) {
      if (i % at_once == 0 && progress) progress(0);
      std::array<char, sizeof(Integer)> bytes;
      std::memcpy(bytes.data(), at, bytes.size());
      if (swapped_) std::reverse(bytes.begin(), bytes.end());
      const auto value = std::bit_cast<Integer>(bytes);
      if (!std::in_range<Symbol>(value))
        throw std::invalid_argument(name_ + "[" + std::to_string(r) + ", " + std::to_string(c) + "] is " + std::to_string(value) +
                                    "; field elements are 0 to Q - 1");
      to.symbols[i] = static_cast<Symbol>(value);
    }
  }
}

py::array array_of(Matrix m) {
  const auto rows = static_cast<py::ssize_t>(m.rows), columns = static_cast<py::ssize_t>(m.columns);
  return owning(std::move(m.entries), {rows, columns});
}

py::array array_of(SymbolMatrix m) {
  const auto rows = static_cast<py::ssize_t>(m.rows), columns = static_cast<py::ssize_t>(m.columns);
  return owning(std::move(m.symbols), {rows, columns});
}

py::array array_of(const BitMatrix& bits) {
  std::vector<std::uint8_t> entries(bits.rows * bits.columns);
  for (std::size_t r = 0; r < bits.rows; ++r)
    for (std::size_t c = 0; c < bits.columns; ++c) entries[r * bits.columns + c] = bits.get(r, c);
  return owning(std::move(entries), {static_cast<py::ssize_t>(bits.rows), static_cast<py::ssize_t>(bits.columns)});
}

namespace {

std::vector<py::ssize_t> shape_of(std::size_t rows, std::size_t columns) {
  return {static_cast<py::ssize_t>(rows), static_cast<py::ssize_t>(columns)};
}

template <class T>
py::array view(const std::vector<T>& entries, std::vector<py::ssize_t> shape, const py::handle& owner) {
  py::array_t<T> array(std::move(shape), entries.data(), owner);
  array.attr("flags").attr("writeable") = false;
  return array;
}

}  // namespace

py::array view_of(const std::vector<Symbol>& symbols, std::vector<py::ssize_t> shape, const py::handle& owner) {
  return view(symbols, std::move(shape), owner);
}
py::array view_of(const Matrix& m, const py::handle& owner) { return view(m.entries, shape_of(m.rows, m.columns), owner); }
py::array view_of(const SymbolMatrix& m, const py::handle& owner) { return view(m.symbols, shape_of(m.rows, m.columns), owner); }

}  // namespace gapwright::python
