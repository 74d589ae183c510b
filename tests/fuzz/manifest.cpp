// SPDX-License-Identifier: MIT
// Bundles: manifests, lift tables and result files. What is read is written back in one way, and read again as the same.
#include "instances/files/bundle.hpp"
#include "instances/files/lift_file.hpp"
#include "tests/fuzz/reader.hpp"

using namespace gapwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::read_or_refuse(data, size, [](const InputBytes& input) {
    const Bundle bundle = read_manifest(input);
    fuzz::expect(read_manifest(InputBytes::from(manifest_json(bundle), "again")) == bundle);
  });
  fuzz::read_or_refuse(data, size, [](const InputBytes& input) {
    const LiftTable table = read_lift(input);
    fuzz::expect(read_lift(InputBytes::from(lift_json(table), "again")) == table);
    try {
      lift(table, WitnessNumbers{0, 0, 1});
    } catch (const std::invalid_argument&) {
    }
  });
  return fuzz::read_or_refuse(data, size, [](const InputBytes& input) { read_result(input); });
}
