// "\x93NUMPY", the version, the header's length (2 bytes in version 1, else 4), a Python dictionary {'descr': '<f8',
// 'fortran_order': False, 'shape': (3, 4), }, then the numbers.
#include "checker/npy.hpp"

#include <cstring>
#include <map>

#include "checker/errors.hpp"
#include "checker/safetensors.hpp"

namespace checker {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// What follows 'key': in the dictionary.
std::string_view after_key(std::string_view header, const std::string& key) {
  const std::size_t found = header.find("'" + key + "':");
  if (found == std::string_view::npos) throw BadInput("the .npy header has no '" + key + "'");
  const std::string_view rest = header.substr(found + key.size() + 3);
  return rest.substr(std::min(rest.find_first_not_of(' '), rest.size()));
}

Tensor read_npy(std::string_view bytes) {
  if (!is_npy(bytes) || bytes.size() < 12) throw BadInput("not a complete .npy file");
  const bool version1 = bytes[6] == 1;
  const std::size_t start = version1 ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes.data() + 8, version1 ? 2 : 4);
  if (bytes.size() - start < length) throw BadInput("the .npy file is cut short");
  const std::string_view header = bytes.substr(start, length);
  const std::map<std::string, std::string, std::less<>> dtypes{
      {"'|b1'", "BOOL"}, {"'|u1'", "U8"},  {"'|i1'", "I8"},  {"'<u2'", "U16"}, {"'<i2'", "I16"}, {"'<u4'", "U32"},
      {"'<i4'", "I32"},  {"'<u8'", "U64"}, {"'<i8'", "I64"}, {"'<f2'", "F16"}, {"'<f4'", "F32"}, {"'<f8'", "F64"}};
  const auto dtype = dtypes.find(after_key(header, "descr").substr(0, 5));
  if (dtype == dtypes.end()) throw BadInput("the .npy array's dtype is not read; save it as uint8");
  if (!after_key(header, "fortran_order").starts_with("False")) throw BadInput("the .npy array is in Fortran order");
  Tensor tensor{dtype->second, {}, bytes.substr(start + length)};
  std::string_view shape = after_key(header, "shape");
  if (!shape.starts_with("(") || shape.find(')') == std::string_view::npos) throw BadInput("the .npy header has no shape");
  shape = shape.substr(1, shape.find(')') - 1);
  std::uint64_t size = 1;
  bool digit = false;
  for (const char c : shape) {
    if (c >= '0' && c <= '9') {
      if (!digit) tensor.shape.push_back(0);
      if (tensor.shape.back() > UINT64_MAX / 16) throw BadInput("the .npy array has an impossible shape");
      tensor.shape.back() = tensor.shape.back() * 10 + static_cast<std::uint64_t>(c - '0');
    }
    digit = c >= '0' && c <= '9';
  }
  for (const std::uint64_t axis : tensor.shape)
    if (__builtin_mul_overflow(size, axis, &size) || size > tensor.data.size())
      throw BadInput("the .npy array's shape does not fit its data");
  if (size != tensor.elements() || tensor.data.size() % size != 0) throw BadInput("the .npy array's shape does not fit its data");
  return tensor;
}

Bits bits_of(const Tensor& tensor, std::uint64_t first, std::uint64_t rows, std::uint64_t columns) {
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

std::vector<Bits> npy_sets(const std::vector<File>& files) {
  std::vector<Bits> sets;
  for (const File& file : files) {
    const Tensor tensor = read_npy(file.bytes);
    const auto& shape = tensor.shape;
    if (tensor.data.empty()) throw BadInput("an .npy array is empty");
    if (shape.size() == 3 && files.size() == 1)
      for (std::uint64_t u = 0; u < shape[0]; ++u) sets.push_back(bits_of(tensor, u * shape[1], shape[1], shape[2]));
    else if (shape.size() == 2)
      sets.push_back(bits_of(tensor, 0, shape[0], shape[1]));
    else
      throw BadInput("give one .npy array of shape (k, n, d), or k arrays of shape (n, d)");
  }
  if (sets.size() < 2) throw BadInput("fewer than two sets of vectors");
  for (const Bits& set : sets)
    if (set.columns != sets[0].columns) throw BadInput("the sets have vectors of different dimensions");
  return sets;
}

}  // namespace checker
