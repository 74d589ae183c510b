// SPDX-License-Identifier: MIT
// numpy's .npy, and the vectors in it.
#include "instances/files/npy.hpp"

#include "instances/files/instance_files.hpp"
#include "tests/fuzz/reader.hpp"

using namespace gapwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_or_refuse(data, size, [](const InputBytes& input) {
    const Tensor tensor = read_npy(input);
    if (element_count(tensor) > 0) element(tensor, element_count(tensor) - 1);
  });
  return fuzz::read_or_refuse(data, size, [](const InputBytes& input) {
    if (looks_like_npy(input)) check_well_formed(read_orthogonal_vectors({InputFile(input)}).vectors);
  });
}
