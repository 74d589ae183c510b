// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "instances/attention.hpp"
#include "instances/bit_matrix.hpp"
#include "instances/files/input_file.hpp"
#include "instances/provenance.hpp"
#include "support/run_control.hpp"

// An instance as named parts. A problem that gives its parts so has its files, its JSON, its arrays in Python and smaller versions of an
// instance without code of its own.
namespace gapwright {

struct Part {
  std::string name;
  std::variant<BitMatrix, Matrix, std::int64_t> value;
};

struct Parts {
  std::vector<Part> all;
  std::optional<bool> expected = {};
  Provenance made_by = {};

  const Part* find(const std::string& name) const;
  /// Throw BadInstance, naming the part, when it is missing or of another kind.
  const BitMatrix& bits(const std::string& name) const;
  const Matrix& matrix(const std::string& name) const;
  std::int64_t number(const std::string& name) const;
};

/// A safetensors file whose metadata name the problem: bits as U8, matrices as F64, numbers as metadata (docs/formats.md). A matrix of U8
/// or BOOL tensors is read as bits.
Parts read_parts(const std::string& problem, const InputFile& input);
void write_parts(const std::string& path, const std::string& problem, const Parts&, const RunControl& = {});

/// All versions of the instance with one row, one column (of all matrices that have equally many) or one 1 less, in a fixed order.
std::vector<Parts> smaller_parts(const Parts&);
/// What smaller_parts makes less.
std::uint64_t size_of(const Parts&);

}  // namespace gapwright
