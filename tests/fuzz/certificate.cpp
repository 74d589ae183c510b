// SPDX-License-Identifier: MIT
// gapwright-check on any certificate: it answers accepted, rejected, bad input or out of time, and nothing else.
#include "checker/check.hpp"

#include <cstdint>
#include <fstream>
#include <iterator>

#include "checker/errors.hpp"

namespace {

checker::File read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {path, {std::istreambuf_iterator<char>(file), {}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<checker::File> files{read(GAPWRIGHT_TEST_DATA "/yes/one-variable.cnf")};
  const checker::Options options{0, 1, 2};
  try {
    checker::check({"certificate", std::string(reinterpret_cast<const char*>(data), size)}, files, options);
  } catch (const checker::Rejected&) {
  } catch (const checker::BadInput&) {
  } catch (const checker::Limit&) {
  }
  return 0;
}
