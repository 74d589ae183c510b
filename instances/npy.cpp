// numpy's .npy: the magic "\x93NUMPY", a version, a header length (2 bytes in version 1, else 4), then a Python dictionary
// {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), } padded with blanks, then the data. Only these three keys and plain
// little-endian numbers are read; records, objects (which are pickles) and big-endian data are refused by name.
#include "instances/npy.hpp"

#include <algorithm>
#include <cstring>

#include "instances/errors.hpp"

namespace gapwright {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";

/// The text after `'key':` up to the end of its value, blanks dropped.
std::string value_of(const std::string& file, std::string_view header, const std::string& key) {
  const auto found = header.find("'" + key + "'");
  const auto colon = found == std::string_view::npos ? found : header.find(':', found);
  if (colon == std::string_view::npos) throw BadInstance(file + ": the .npy header has no '" + key + "'");
  std::string value;
  int depth = 0;
  for (const char c : header.substr(colon + 1)) {
    if ((c == ',' && depth == 0) || c == '}') break;
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (c != ' ') value += c > ' ' && c < 127 ? c : '?';  // messages are one line
  }
  return value;
}

Dtype dtype_of(const std::string& file, const std::string& descr) {
  constexpr std::pair<std::string_view, Dtype> known[] = {
      {"'|b1'", Dtype::boolean}, {"'|u1'", Dtype::u8},  {"'|i1'", Dtype::i8},  {"'<u2'", Dtype::u16},
      {"'<i2'", Dtype::i16},     {"'<u4'", Dtype::u32}, {"'<i4'", Dtype::i32}, {"'<u8'", Dtype::u64},
      {"'<i8'", Dtype::i64},     {"'<f2'", Dtype::f16}, {"'<f4'", Dtype::f32}, {"'<f8'", Dtype::f64}};
  for (const auto& [name, dtype] : known)
    if (name == descr) return dtype;
  throw BadInstance(file + ": arrays of dtype " + descr.substr(0, 40) + " are not read; save it as uint8");
}

std::vector<std::uint64_t> shape_of(const std::string& file, const std::string& text) {
  std::vector<std::uint64_t> shape;
  std::string number;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      number += c;
    } else if (!number.empty()) {
      if (number.size() > 18) throw BadInstance(file + ": the array has an impossible shape");
      shape.push_back(std::stoull(number));
      number.clear();
    }
  }
  return shape;
}

}  // namespace

bool looks_like_npy(const InputBytes& input) { return input.text().starts_with(kMagic); }

Tensor read_npy(const InputBytes& input) {
  const std::string& file = input.name();
  const std::string_view text = input.text();
  const auto fail = [&] { throw BadInstance(file + ": the .npy file is cut short"); };
  if (!looks_like_npy(input)) throw BadInstance(file + ": not an .npy file");
  if (text.size() < 12) fail();
  const bool short_length = text[6] == 1;
  const std::size_t start = short_length ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, text.data() + 8, short_length ? 2 : 4);
  if (text.size() < start + length) fail();
  const std::string_view header = text.substr(start, length);
  if (value_of(file, header, "fortran_order") != "False")
    throw BadInstance(file + ": the array is in Fortran order; save numpy.ascontiguousarray of it");
  Tensor tensor{file, dtype_of(file, value_of(file, header, "descr")), shape_of(file, value_of(file, header, "shape")), {}};
  tensor.data = input.bytes().subspan(start + length);
  std::uint64_t bytes = size_of(tensor.dtype);
  for (const std::uint64_t side : tensor.shape)
    if (__builtin_mul_overflow(bytes, side, &bytes)) throw BadInstance(file + ": the array has an impossible shape");
  if (bytes != tensor.data.size())
    throw BadInstance(file + ": the shape needs " + std::to_string(bytes) + " bytes, the file has " + std::to_string(tensor.data.size()));
  return tensor;
}

}  // namespace gapwright
