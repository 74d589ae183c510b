// SPDX-License-Identifier: MIT
// The checker's own readers - DIMACS, .npy, safetensors and what they hold, DRAT proofs, manifests and lift tables - on any bytes; claims of every
// kind about such an instance; and the bytes as a message.
#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "checker/bundle/bundle.hpp"
#include "checker/bundle/manifest.hpp"
#include "checker/check.hpp"
#include "checker/drat.hpp"
#include "checker/errors.hpp"
#include "checker/files.hpp"
#include "checker/instances.hpp"
#include "checker/message.hpp"
#include "checker/npy.hpp"

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

const std::string kRows = "\"rows\":{\"cut\":1,\"counts\":[{\"main\":[],\"other\":[]}],\"runs\":[[0,1]]}",
                  kBounds = "\"rows\":{\"width\":64,\"runs\":[[\"0\",1]]}",
                  kEnclosure = ",\"enclosure\":{\"width\":64,\"lo\":\"0\",\"hi\":\"1/18446744073709551616\"},\"row\":0,",
                  kGap = ",\"yes_at_least\":\"2\",\"no_at_most\":\"1\",",
                  kCounts = ",\"cut\":1,\"counts\":{\"main\":[],\"other\":[]}",
                  kTerms = ",\"entry_bound\":\"1\",\"softmax_scale\":\"1\",\"yes_at_least\":\"3/4\",\"no_at_most\":\"1/4\"";

/// A claim of every kind that says no of order 2.
std::vector<std::string> claims() {
  return {"orthogonal-vectors\"," + kRows,
          "gap-max-ip\",\"form\":\"bits\",\"row\":0,\"inner_product\":0" + kGap + kRows,
          "gap-max-ip\",\"form\":\"symbols\",\"empty_set\":0" + kGap.substr(0, kGap.size() - 1),
          "gap-max-ip\",\"form\":\"real\",\"rounding\":\"0\"" + kGap.substr(0, kGap.size() - 1) + kEnclosure + kBounds,
          "attention\"" + kTerms + kEnclosure + kBounds,
          "attention\"" + kTerms + kCounts + kEnclosure + kRows,
          "cnf\",\"route\":\"direct\"" + kTerms + kCounts + kEnclosure + kRows};
}

void claimed(std::string_view instance) {
  static const std::vector<std::string> all = claims();
  const std::string begin =
      "{\"informative\":{},\"claim\":{\"format\":\"gapwright-certificate-1\",\"verdict\":\"no\",\"order\":2,\"inputs\":[\"" +
      checker::sha256(instance) + "\"],\"problem\":\"";
  for (const std::string& claim : all)
    answer([&] { checker::check({"c", begin + claim + "}}"}, {{"i", std::string(instance)}}, {0, 1, 1}); });
}

void printed(std::string_view bytes) {
  const std::string line = checker::printable(bytes);
  if (line.size() > 470 || std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < 32 || c == 127; }))
    std::abort();
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
  answer([&] { checker::npy_sets(std::vector<checker::File>{{"i", std::string(bytes)}}); });
  claimed(bytes);
  printed(bytes);
  answer([&] { checker::read_manifest(bytes); });
  answer([&] { checker::read_lift_table(bytes); });
  answer([&] {  // as the manifest and every file of a bundle
    checker::check_bundle([&](const std::string&) { return std::string(bytes); }, {0, 1, 2});
  });
  return 0;
}
