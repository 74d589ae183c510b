// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "instances/safetensors.hpp"

namespace gapwright {

/// The type named f64, f32, f16 or bf16; throws std::invalid_argument for other names.
Dtype entry_dtype_named(std::string_view name);

/// Significand bits of F64, F32, F16, BF16: 53, 24, 11, 8. Throws std::invalid_argument for other types.
int significand_bits(Dtype);

/// The number of the type nearest to x, ties to even, as a double; x within the type's range.
double rounded_to(Dtype, double x);

/// Appends the bytes of x, which must be a number of the type (see rounded_to).
void append_bytes(Dtype, double x, std::vector<std::byte>& bytes);

}  // namespace gapwright
