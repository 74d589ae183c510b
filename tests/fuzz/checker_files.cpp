// The checker's own readers - DIMACS, safetensors and what they hold, DRAT proofs, manifests and lift tables - on any bytes.
#include <cstdint>

#include "checker/bundle.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/instances.hpp"
#include "checker/manifest.hpp"

namespace {

template <class Work>
void answer(Work work) {
  try {
    work();
  } catch (const checker::Rejected&) {
  } catch (const checker::BadInput&) {
  } catch (const checker::Limit&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  answer([&] { checker::read_dimacs(bytes); });
  const checker::Formula formula{3, {{1, 2}, {-1, 2}, {1, -2}, {-1, -2, 3}, {-3}}};
  answer([&] { checker::check_drat(formula, bytes, checker::Clock(2)); });
  answer([&] { checker::attention_file(checker::read_safetensors(bytes)); });
  answer([&] { checker::bit_sets(checker::read_safetensors(bytes)); });
  answer([&] { checker::symbol_gap(checker::read_safetensors(bytes)); });
  answer([&] { checker::read_manifest(bytes); });
  answer([&] { checker::read_lift_table(bytes); });
  answer([&] {  // as the manifest and every file of a bundle
    checker::check_bundle([&](const std::string&) { return std::string(bytes); }, {0, 1, 2});
  });
  return 0;
}
