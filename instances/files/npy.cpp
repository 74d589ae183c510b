// SPDX-License-Identifier: MIT
// numpy's .npy: the magic "\x93NUMPY", a version (1.0, 2.0 or 3.0), a header length (2 bytes in version 1.0, else 4), then a Python
// dictionary {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), } padded with blanks and ended by a line end, then the data to
// the end of the file. Read are these three keys, each once, plain little-endian numbers, and a shape of digits: what numpy itself
// would read otherwise (a negative size, "(12 3)", a second 'shape') is refused, and so are records, objects (which are pickles)
// and big-endian data, by name.
#include "instances/files/npy.hpp"

#include <algorithm>
#include <cstring>

#include "support/checked.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostDigits = 18;  // of a size

/// The header's dictionary: its keys and the text of their values, in the order of the file.
class Header {
 public:
  Header(const std::string& file, std::string_view text) : file_(file), text_(text) {
    expect('{');
    while (next() != '}') {
      const std::string key(quoted());
      if (std::any_of(values_.begin(), values_.end(), [&](const auto& v) { return v.first == key; }))
        fail("has '" + key + "' twice");
      expect(':');
      values_.emplace_back(key, value());
      if (next() != '}') expect(',');
    }
    ++at_;
    const std::string_view padding = text_.substr(at_);
    if (padding.empty() || padding.back() != '\n' || padding.find_first_not_of(' ') != padding.size() - 1)
      fail("is not one dictionary, blanks and a line end");
  }

  std::string_view at(const std::string& key) const {
    for (const auto& [name, value] : values_)
      if (name == key) return value;
    fail("has no '" + key + "'");
  }
  void check_size(std::size_t keys) const {
    if (values_.size() != keys) fail("has a key besides descr, fortran_order and shape");
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw BadInstance(file_ + ": the .npy header " + what); }

  /// The character at the next place that is no blank.
  char next() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ == text_.size()) fail("is no dictionary of descr, fortran_order and shape");
    return text_[at_];
  }
  void expect(char c) {
    if (next() != c) fail("is no dictionary of descr, fortran_order and shape");
    ++at_;
  }
  std::string_view quoted() {
    const char quote = next();
    const std::size_t end = quote == '\'' || quote == '"' ? text_.find(quote, at_ + 1) : std::string_view::npos;
    if (end == std::string_view::npos) fail("has a key that is no text");
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    if (inside.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string_view::npos)
      fail("has a key besides descr, fortran_order and shape");
    at_ = end + 1;
    return inside;
  }
  /// Up to the comma or brace that ends it, without the blanks around it.
  std::string_view value() {
    next();
    const std::size_t start = at_;
    int depth = 0;
    char quote = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (depth == 0 && (c == ',' || c == '}')) {
        break;
      } else {
        depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
      }
    }
    const std::string_view whole = text_.substr(start, at_ - start);
    return whole.substr(0, whole.find_last_not_of(' ') + 1);
  }

  std::string file_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::pair<std::string, std::string_view>> values_;
};

/// The text without blanks, as a message of one line shows it.
std::string shown(std::string_view text) {
  std::string words;
  for (const char c : text)
    if (c != ' ') words += c > ' ' && c < 127 ? c : '?';
  return words.substr(0, 40);
}

Dtype dtype_of(const std::string& file, std::string_view descr) {
  constexpr std::pair<std::string_view, Dtype> known[] = {{"|b1", Dtype::boolean}, {"|u1", Dtype::u8},  {"|i1", Dtype::i8},
                                                          {"<u2", Dtype::u16},     {"<i2", Dtype::i16}, {"<u4", Dtype::u32},
                                                          {"<i4", Dtype::i32},     {"<u8", Dtype::u64}, {"<i8", Dtype::i64},
                                                          {"<f2", Dtype::f16},     {"<f4", Dtype::f32}, {"<f8", Dtype::f64}};
  const bool text = descr.size() == 5 && (descr[0] == '\'' || descr[0] == '"') && descr[4] == descr[0];
  for (const auto& [name, dtype] : known)
    if (text && name == descr.substr(1, 3)) return dtype;
  throw BadInstance(file + ": arrays of dtype " + shown(descr) + " are not read; save it as uint8");
}

/// "(3, 4)", "(3,)" or "()": sizes in digits.
std::vector<std::uint64_t> shape_of(const std::string& file, std::string_view text) {
  const auto fail = [&] { throw BadInstance(file + ": the array has an impossible shape"); };
  if (text.size() < 2 || text.front() != '(' || text.back() != ')') fail();
  std::vector<std::uint64_t> shape;
  std::string_view left = text.substr(1, text.size() - 2);
  bool comma = true;  // before the first size, and behind each
  while ((left = left.substr(std::min(left.find_first_not_of(' '), left.size()))).size() > 0) {
    const std::string_view digits = left.substr(0, left.find_first_not_of("0123456789"));
    if (!comma || digits.empty() || digits.size() > kMostDigits || (digits.size() > 1 && digits[0] == '0')) fail();
    shape.push_back(std::stoull(std::string(digits)));
    left = left.substr(digits.size());
    left = left.substr(std::min(left.find_first_not_of(' '), left.size()));
    comma = left.starts_with(',');
    if (comma) left = left.substr(1);
  }
  if (shape.size() == 1 && !comma) fail();  // "(3)" is a number, no tuple
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
  const auto major = static_cast<unsigned char>(text[6]), minor = static_cast<unsigned char>(text[7]);
  if (major < 1 || major > 3 || minor != 0)
    throw BadInstance(file + ": is .npy of version " + std::to_string(major) + "." + std::to_string(minor) +
                      "; versions 1.0, 2.0 and 3.0 are read");
  const bool short_length = major == 1;
  const std::size_t start = short_length ? 10 : 12;
  std::uint32_t length = 0;
  std::memcpy(&length, text.data() + 8, short_length ? 2 : 4);
  if (text.size() < start + length) fail();
  const Header header(file, text.substr(start, length));
  const std::string_view fortran_order = header.at("fortran_order");
  if (fortran_order == "True") throw BadInstance(file + ": the array is in Fortran order; save numpy.ascontiguousarray of it");
  if (fortran_order != "False") throw BadInstance(file + ": fortran_order is " + shown(fortran_order) + "; it must be False");
  Tensor tensor{file, dtype_of(file, header.at("descr")), shape_of(file, header.at("shape")), {}};
  header.check_size(3);
  tensor.data = input.bytes().subspan(start + length);
  const std::uint64_t bytes = array_bytes(tensor.shape, size_of(tensor.dtype), file + ": the array");
  if (bytes != tensor.data.size())
    throw BadInstance(file + ": the shape needs " + std::to_string(bytes) + " bytes, the file has " +
                      std::to_string(tensor.data.size()));
  return tensor;
}

}  // namespace gapwright
