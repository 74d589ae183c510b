#pragma once
#include <cstddef>
#include <vector>

#include "instances/safetensors.hpp"

namespace gapwright {

/// Significand bits of F64, F32, F16, BF16: 53, 24, 11, 8. Throws std::invalid_argument for other types.
int significand_bits(Dtype);

/// The number of the type nearest to x, ties to even, as a double; x within the type's range.
double rounded_to(Dtype, double x);

/// Appends the bytes of x, which must be a number of the type (see rounded_to).
void append_bytes(Dtype, double x, std::vector<std::byte>& bytes);

}  // namespace gapwright
