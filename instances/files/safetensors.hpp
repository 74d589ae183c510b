// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/files.hpp"
#include "support/run_control.hpp"

namespace gapwright {

enum class Dtype { boolean, u8, i8, u16, i16, u32, i32, u64, i64, f16, bf16, f32, f64 };
std::size_t size_of(Dtype);       ///< bytes per element
std::string_view name_of(Dtype);  ///< as the file format spells it: "F64", "U8", ...

/// One tensor of an open file: its elements lie in the file's bytes, little-endian, C order.
struct Tensor {
  std::string name;
  Dtype dtype{};
  std::vector<std::uint64_t> shape;
  std::span<const std::byte> data;
};

/// Element i as a double (64-bit integers are rounded). Half formats are widened exactly.
double element(const Tensor&, std::size_t i);
std::size_t element_count(const Tensor&);

/// An open safetensors file. Tensors are sorted by name.
struct Safetensors {
  InputBytes file;
  std::map<std::string, std::string> metadata;
  std::map<std::string, Tensor> tensors;
};

/// Reads and checks the container: sizes, offsets without holes or overlaps, known dtypes, no duplicate names; a file that says
/// it was written by gapwright must carry a SHA-256 that fits every byte. Throws BadInstance, one line.
Safetensors read_safetensors(const InputBytes& input);

/// What the writer needs of one tensor: `emit` calls its argument with the data in pieces, and gives the same bytes every time.
struct TensorPlan {
  std::string name;
  Dtype dtype{};
  std::vector<std::uint64_t> shape;
  std::function<void(const std::function<void(std::span<const std::byte>)>&)> emit;
};

/// Writes `path` ("-": standard output) whole or not at all. Adds the metadata keys format and sha256; the hash covers the file
/// with the hash's own 64 digits set to '0'.
void write_safetensors(const std::string& path, std::map<std::string, std::string> metadata, std::span<const TensorPlan> tensors,
                       const RunControl& control = {});

}  // namespace gapwright
