// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "instances/files/safetensors.hpp"

namespace gapwright {

/// One array of numpy's .npy format (versions 1.0, 2.0 and 3.0), C order: Fortran order is refused with the remedy. Throws BadInstance.
/// The data points into the file's bytes, which `input` must keep alive.
Tensor read_npy(const InputBytes& input);

/// True iff the bytes start like an .npy file.
bool looks_like_npy(const InputBytes& input);

}  // namespace gapwright
