// SPDX-License-Identifier: MIT
#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "instances/files/safetensors.hpp"
#include "support/named.hpp"

namespace gapwright {

/// The types that entries can have.
template <>
struct Names<Dtype> {
  static constexpr std::string_view what = "entry type";
  static constexpr std::array all{Named<Dtype>{Dtype::f64, "f64"}, Named<Dtype>{Dtype::f32, "f32"},
                                  Named<Dtype>{Dtype::f16, "f16"}, Named<Dtype>{Dtype::bf16, "bf16"}};
};

/// Significand bits of F64, F32, F16, BF16: 53, 24, 11, 8. Throws std::invalid_argument for other types.
int significand_bits(Dtype);

/// The number of the type nearest to x, ties to even, as a double; x within the type's range.
double rounded_to(Dtype, double x);

/// Appends the bytes of x, which must be a number of the type (see rounded_to).
void append_bytes(Dtype, double x, std::vector<std::byte>& bytes);

}  // namespace gapwright
