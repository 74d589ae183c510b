// SPDX-License-Identifier: MIT
#include "instances/files/narrow.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace gapwright {
namespace {

constexpr int kLeastHalfExponent = -14;  // of the normal numbers of F16

std::uint16_t half_bits(double x) {
  const std::uint16_t sign = std::signbit(x) ? 0x8000 : 0;
  const double magnitude = std::abs(x);
  if (magnitude == 0) return sign;
  const int exponent = std::ilogb(magnitude);
  if (exponent < kLeastHalfExponent)
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::ldexp(magnitude, 24)));
  const auto fraction = static_cast<std::uint16_t>(std::ldexp(magnitude, 10 - exponent) - 1024);
  return static_cast<std::uint16_t>(sign | ((exponent + 15) << 10) | fraction);
}

template <class T>
void append(const T& value, std::vector<std::byte>& bytes) {
  const auto* first = reinterpret_cast<const std::byte*>(&value);
  bytes.insert(bytes.end(), first, first + sizeof value);
}

}  // namespace

int significand_bits(Dtype dtype) {
  switch (dtype) {
    case Dtype::f64:
      return 53;
    case Dtype::f32:
      return 24;
    case Dtype::f16:
      return 11;
    case Dtype::bf16:
      return 8;
    default:
      throw std::invalid_argument("not a floating-point type");
  }
}

double rounded_to(Dtype dtype, double x) {
  if (dtype == Dtype::f64 || x == 0) return x;
  if (dtype == Dtype::f32) return static_cast<float>(x);
  int exponent = std::ilogb(x);
  if (dtype == Dtype::f16) exponent = std::max(exponent, kLeastHalfExponent);
  const int shift = significand_bits(dtype) - 1 - exponent;
  return std::ldexp(std::nearbyint(std::ldexp(x, shift)), -shift);
}

void append_bytes(Dtype dtype, double x, std::vector<std::byte>& bytes) {
  switch (dtype) {
    case Dtype::f64:
      return append(x, bytes);
    case Dtype::f32:
      return append(static_cast<float>(x), bytes);
    case Dtype::f16:
      return append(half_bits(x), bytes);
    case Dtype::bf16:
      return append(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(static_cast<float>(x)) >> 16), bytes);
    default:
      throw std::invalid_argument("not a floating-point type");
  }
}

}  // namespace gapwright
