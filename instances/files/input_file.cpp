// SPDX-License-Identifier: MIT
#include "instances/files/input_file.hpp"

namespace gapwright {

const Safetensors& InputFile::tensors() const {
  if (!contents_->tensors) contents_->tensors = read_safetensors(bytes());
  return *contents_->tensors;
}

}  // namespace gapwright
