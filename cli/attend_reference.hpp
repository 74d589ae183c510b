// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "instances/attention.hpp"
#include "support/files.hpp"

// The files that attend reads besides its input.
namespace gapwright::cli {

/// Throws BadInstance unless it is one tensor that fits the input's outputs.
Matrix read_upstream(const InputBytes& input, const Attention& a);

/// Another output of the same input, and how far each of its entries is from the truth.
struct Reference {
  std::string file;
  Matrix out;
  double radius = 0;
};

Reference read_reference(const Context& context, const std::string& path, const Attention& a);

/// The three errors of an approximation: maximum absolute, norm-wise relative, and whether the gap is still decided.
struct Measured {
  double absolute = 0, relative = 0;
  std::optional<bool> gap_decided;
};

Measured measure(const Attention& a, const Matrix& out, const Reference& reference);
std::string measured_text(const Measured& measured, const Reference& reference);

}  // namespace gapwright::cli
