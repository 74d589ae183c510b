// SPDX-License-Identifier: MIT
#include "checker/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "checker/errors.hpp"
#include "checker/json.hpp"

namespace checker {
namespace {

static_assert(std::endian::native == std::endian::little, "tensors are little-endian");

const std::map<std::string, std::uint64_t> kBytes{{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"U16", 2}, {"I16", 2},
                                                  {"U32", 4},  {"I32", 4}, {"U64", 8}, {"I64", 8}, {"F16", 2},
                                                  {"BF16", 2}, {"F32", 4}, {"F64", 8}};

constexpr std::size_t kMostSignificant = 1'000'000;  ///< of a decimal number, before its exponent

template <class T>
T load(std::string_view data, std::uint64_t i) {
  T value;
  std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
  return value;
}

/// IEEE binary16: sign, 5 bits of exponent, 10 of fraction.
double half(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent == 31) return NAN;  // infinities are as unwelcome as NaN
  const double magnitude = exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

/// The header; a key that occurs twice is an error.
Value header_of(std::string_view text) {
  try {
    Value json = parse_json(text, "the header");
    if (json.kind == Value::Kind::object) return json;
  } catch (const std::runtime_error&) {
  }
  throw BadInput("the header is not a JSON object with each key once; is this a safetensors file?");
}

std::vector<std::uint64_t> numbers(const Value& json, const std::string& what) {
  if (json.kind != Value::Kind::list) throw BadInput(what + " is not a list");
  std::vector<std::uint64_t> result;
  for (const Value& number : json.items) {
    if (number.kind != Value::Kind::whole) throw BadInput(what + " holds what is not a whole number");
    result.push_back(number.magnitude);
  }
  return result;
}

Tensor tensor_of(const Value& value, const std::string& what, std::string_view data,
                 std::pair<std::uint64_t, std::uint64_t>& piece) {
  const Value *dtype = value.find("dtype"), *shape = value.find("shape"), *place = value.find("data_offsets");
  if (value.members.size() != 3 || !dtype || !shape || !place || dtype->kind != Value::Kind::string)
    throw BadInput(what + " needs exactly dtype, shape and data_offsets");
  Tensor tensor{dtype->string, numbers(*shape, what + ": shape"), {}};
  const auto offsets = numbers(*place, what + ": data_offsets");
  if (!kBytes.contains(tensor.dtype)) throw BadInput(what + " has dtype '" + tensor.dtype + "'");
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data.size())
    throw BadInput(what + " does not lie within the file");
  std::uint64_t size = kBytes.at(tensor.dtype);
  for (const std::uint64_t axis : tensor.shape)
    if (__builtin_mul_overflow(size, axis, &size)) throw BadInput(what + " has an impossible shape");
  if (size != offsets[1] - offsets[0]) throw BadInput(what + ": shape and data_offsets disagree");
  tensor.data = data.substr(offsets[0], size);
  piece = {offsets[0], offsets[1]};
  return tensor;
}

}  // namespace

std::uint64_t size_of(const std::string& dtype) { return kBytes.at(dtype); }

std::uint64_t Tensor::elements() const { return data.size() / kBytes.at(dtype); }

double Tensor::at(std::uint64_t i) const {
  if (dtype == "F64") return load<double>(data, i);
  if (dtype == "F32") return load<float>(data, i);
  if (dtype == "F16") return half(load<std::uint16_t>(data, i));
  if (dtype == "BF16") return std::bit_cast<float>(static_cast<std::uint32_t>(load<std::uint16_t>(data, i)) << 16);
  if (dtype == "U16") return load<std::uint16_t>(data, i);
  if (dtype == "I16") return load<std::int16_t>(data, i);
  if (dtype == "U32") return load<std::uint32_t>(data, i);
  if (dtype == "I32") return load<std::int32_t>(data, i);
  if (dtype == "U64") return static_cast<double>(load<std::uint64_t>(data, i));
  if (dtype == "I64") return static_cast<double>(load<std::int64_t>(data, i));
  if (dtype == "I8") return load<std::int8_t>(data, i);
  return load<std::uint8_t>(data, i);  // U8, BOOL
}

std::optional<std::string> Safetensors::text(const std::string& key) const {
  const auto found = metadata.find(key);
  return found == metadata.end() ? std::nullopt : std::optional(found->second);
}

const Tensor& Safetensors::tensor(const std::string& name, std::size_t axes) const {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw BadInput("tensor '" + name + "' is missing");
  if (found->second.shape.size() != axes) throw BadInput("tensor '" + name + "' must have " + std::to_string(axes) + " axes");
  return found->second;
}

std::size_t Safetensors::numbered(const std::string& letter, std::size_t first) const {
  std::size_t count = 0;
  while (tensors.contains(letter + std::to_string(first + count))) ++count;
  if (first + count > kLargestOrder)
    throw BadInput("more than " + std::to_string(kLargestOrder) + " sets or matrices; that is the largest order");
  return count;
}

Safetensors read_safetensors(std::string_view bytes) {
  if (bytes.size() < 8) throw BadInput("shorter than the 8 bytes every safetensors file starts with");
  const auto length = load<std::uint64_t>(bytes, 0);
  if (length > bytes.size() - 8)
    throw BadInput("the header should have " + std::to_string(length) + " bytes, more than the file has");
  const std::string_view data = bytes.substr(8 + length);
  Safetensors file;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> pieces;
  const Value header = header_of(bytes.substr(8, length));
  for (const auto& [name, value] : header.members) {
    if (value.kind != Value::Kind::object) throw BadInput("the header's '" + name + "' is not an object");
    if (name != "__metadata__") {
      file.tensors.emplace(name, tensor_of(value, "tensor '" + name + "'", data, pieces.emplace_back()));
      continue;
    }
    for (const auto& [key, entry] : value.members) {
      if (entry.kind != Value::Kind::string) throw BadInput("metadata '" + key + "' is not a string");
      file.metadata[key] = entry.string;
    }
  }
  std::sort(pieces.begin(), pieces.end());
  std::uint64_t end = 0;
  for (const auto& [from, to] : pieces) {
    if (from != end) throw BadInput("the tensors leave holes or overlap");
    end = to;
  }
  if (end != data.size()) throw BadInput("there are bytes after the last tensor");
  return file;
}

mpq_class decimal(const std::string& text) {
  const auto fail = [&]() -> BadInput { return BadInput("'" + text.substr(0, 40) + "' is not a decimal number"); };
  const std::size_t e = text.find_first_of("eE");
  std::string digits = text.substr(0, e), power = e == std::string::npos ? "0" : text.substr(e + 1);
  const auto take_sign = [](std::string& s, bool plus) {
    const bool minus = s.starts_with('-');
    if (minus || (plus && s.starts_with('+'))) s.erase(0, 1);
    return minus;
  };
  const bool negative = take_sign(digits, false), below = take_sign(power, true);
  const auto is_number = [](const std::string& s) {
    return !s.empty() && s.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!is_number(power) || power.size() > 6) throw fail();
  long exponent = std::stol(power) * (below ? -1 : 1);
  if (std::abs(exponent) > 100'000) throw fail();
  if (const std::size_t point = digits.find('.'); point != std::string::npos) {
    exponent -= static_cast<long>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  if (!is_number(digits)) throw fail();
  if (digits.size() > kMostSignificant)
    throw Limit("a decimal number of more than " + std::to_string(kMostSignificant) + " digits");
  mpz_class ten_to;
  mpz_ui_pow_ui(ten_to.get_mpz_t(), 10, static_cast<unsigned long>(std::abs(exponent)));
  const mpz_class significand(digits, 10);
  mpq_class value = exponent >= 0 ? mpq_class(significand * ten_to) : mpq_class(significand, ten_to);
  value.canonicalize();
  return negative ? mpq_class(-value) : value;
}

double nearest_double(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    throw BadInput("'" + text.substr(0, 40) + "' is not a number");
  return value;
}

}  // namespace checker
