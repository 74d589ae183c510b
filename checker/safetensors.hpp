// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace checker {

constexpr std::size_t kLargestOrder = 64;

struct Tensor {
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::string_view data;

  std::uint64_t elements() const;
  double at(std::uint64_t i) const;  ///< exactly, but for 64-bit integers beyond 2^53
};

/// A safetensors file: 8 bytes of header length, a JSON header, then the tensors without holes or overlaps. `bytes` must stay
/// alive.
struct Safetensors {
  std::map<std::string, std::string> metadata;
  std::map<std::string, Tensor> tensors;

  std::optional<std::string> text(const std::string& key) const;
  const Tensor& tensor(const std::string& name, std::size_t axes) const;  ///< throws BadInput
  /// How many tensors letter<first>, letter<first + 1>, ... there are: x0 or k1 is the first. BadInput beyond the largest order.
  std::size_t numbered(const std::string& letter, std::size_t first) const;
};

std::uint64_t size_of(const std::string& dtype);  ///< bytes of a number

/// Throws BadInput. Whether the bytes are the right ones is the hash's business.
Safetensors read_safetensors(std::string_view bytes);

/// The exact value of a decimal such as "0.0625" or "1e-9". Throws BadInput.
mpq_class decimal(const std::string& text);

/// The double nearest to a decimal, finite. Throws BadInput.
double nearest_double(const std::string& text);

}  // namespace checker
