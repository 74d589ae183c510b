// SPDX-License-Identifier: MIT
// "\x93NUMPY", the version (1.0, 2.0 or 3.0), the header's length (2 bytes in version 1.0, else 4), a Python dictionary {'descr':
// '<f8', 'fortran_order': False, 'shape': (3, 4), } with these three keys, blanks up to the end of a line, then the numbers.
#include "checker/npy.hpp"

#include <cstring>
#include <map>
#include <utility>

#include "checker/errors.hpp"
#include "checker/instances.hpp"
#include "checker/safetensors.hpp"

namespace checker {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// Reads the dictionary from left to right.
class Header {
 public:
  explicit Header(std::string_view text) : rest_(text) {}

  bool take(std::string_view word) {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size()));
    const bool there = rest_.starts_with(word);
    if (there) rest_.remove_prefix(word.size());
    return there;
  }
  void expect(std::string_view word) {
    if (!take(word)) fail();
  }
  std::string quoted() {
    const char quote = take("\"") ? '"' : '\'';
    if (quote == '\'') expect("'");
    const std::size_t end = rest_.find(quote);
    if (end == std::string_view::npos) fail();
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return text;
  }
  /// (), (2,), (2, 3), ...
  std::vector<std::uint64_t> shape() {
    std::vector<std::uint64_t> axes;
    expect("(");
    while (!take(")")) {
      if (!axes.empty() && !std::exchange(comma_, false)) fail();
      axes.push_back(number());
      comma_ = take(",");
      if (axes.size() == 1 && !comma_) fail();  // (2) is a number
    }
    return axes;
  }
  void end() {
    take("");
    if (rest_ != "\n") fail();
  }
  [[noreturn]] static void fail() {
    throw BadInput(
        "the .npy header is not {'descr': '...', 'fortran_order': False, 'shape': (sizes), } with sizes of at least 0");
  }

 private:
  std::uint64_t number() {
    take("");
    const std::size_t digits = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    if (digits == 0 || digits > 18 || (digits > 1 && rest_[0] == '0')) fail();  // 02 is no number of Python's
    const std::uint64_t value = std::stoull(std::string(rest_.substr(0, digits)));
    rest_.remove_prefix(digits);
    return value;
  }
  std::string_view rest_;
  bool comma_ = false;
};

Tensor read_header(std::string_view text) {
  static const std::map<std::string, std::string> dtypes{{"|b1", "BOOL"}, {"|u1", "U8"},  {"|i1", "I8"},  {"<u2", "U16"},
                                                         {"<i2", "I16"},  {"<u4", "U32"}, {"<i4", "I32"}, {"<u8", "U64"},
                                                         {"<i8", "I64"},  {"<f2", "F16"}, {"<f4", "F32"}, {"<f8", "F64"}};
  Header header(text);
  Tensor tensor;
  std::map<std::string, int> seen;
  header.expect("{");
  for (bool more = true; more && !header.take("}"); more = header.take(",") || (header.expect("}"), false)) {
    const std::string key = header.quoted();
    header.expect(":");
    if (key == "descr") {
      const auto dtype = dtypes.find(header.quoted());
      if (dtype == dtypes.end()) throw BadInput("the .npy array's dtype is not read; save it as uint8");
      tensor.dtype = dtype->second;
    } else if (key == "fortran_order") {
      if (header.take("True")) throw BadInput("the .npy array is in Fortran order");
      header.expect("False");
    } else if (key == "shape") {
      tensor.shape = header.shape();
    } else {
      Header::fail();
    }
    if (++seen[key] > 1) Header::fail();
  }
  header.end();
  if (seen.size() != 3) Header::fail();
  return tensor;
}

Tensor read_npy(std::string_view bytes) {
  if (!is_npy(bytes) || bytes.size() < 12) throw BadInput("not a complete .npy file");
  if (bytes[7] != 0 || bytes[6] < 1 || bytes[6] > 3) throw BadInput("the .npy file's version is none of 1.0, 2.0 and 3.0");
  const bool version1 = bytes[6] == 1;
  const std::size_t start = version1 ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, version1 ? 2 : 4);
  if (bytes.size() - start < length) throw BadInput("the .npy file is cut short");
  Tensor tensor = read_header(bytes.substr(start, length));
  tensor.data = bytes.substr(start + length);
  std::uint64_t size = size_of(tensor.dtype);
  for (const std::uint64_t axis : tensor.shape)
    if (__builtin_mul_overflow(size, axis, &size)) throw BadInput("the .npy array has an impossible shape");
  if (size != tensor.data.size()) throw BadInput("the .npy array's shape does not fit its data");
  return tensor;
}

Bits array_bits(const Tensor& tensor, std::uint64_t first, std::uint64_t rows, std::uint64_t columns) {
  if (columns == 0) check_rows_without_bytes(rows);
  Bits bits(rows, columns);
  for (std::uint64_t r = 0; r < rows; ++r)
    for (std::uint64_t c = 0; c < columns; ++c) {
      const double x = tensor.at((first + r) * columns + c);
      if (x != 0 && x != 1) throw BadInput("an .npy array holds what is neither 0 nor 1");
      if (x == 1) bits.set(r, c);
    }
  return bits;
}

}  // namespace

bool is_npy(std::string_view bytes) { return bytes.starts_with(kMagic); }

std::vector<Bits> npy_sets(std::span<const File> files) {
  if (files.size() > kLargestOrder)
    throw BadInput("more than " + std::to_string(kLargestOrder) + " sets; that is the largest order");
  std::vector<Bits> sets;
  for (const File& file : files) {
    const Tensor tensor = read_npy(file.bytes);
    const auto& shape = tensor.shape;
    if (shape.size() == 3 && files.size() == 1) {
      if (shape[0] > kLargestOrder)
        throw BadInput("an .npy array of more than " + std::to_string(kLargestOrder) + " sets; that is the largest order");
      for (std::uint64_t u = 0; u < shape[0]; ++u) sets.push_back(array_bits(tensor, u * shape[1], shape[1], shape[2]));
    } else if (shape.size() == 2) {
      sets.push_back(array_bits(tensor, 0, shape[0], shape[1]));
    } else {
      throw BadInput("give one .npy array of shape (k, n, d), or k arrays of shape (n, d)");
    }
  }
  if (sets.size() < 2) throw BadInput("fewer than two sets of vectors");
  for (const Bits& set : sets)
    if (set.columns != sets[0].columns) throw BadInput("the sets have vectors of different dimensions");
  return sets;
}

}  // namespace checker
