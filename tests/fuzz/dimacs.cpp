// SPDX-License-Identifier: MIT
// DIMACS: what is read is well formed, and its text is read back as the same formula.
#include "instances/files/dimacs.hpp"

#include "tests/fuzz/reader.hpp"

using namespace gapwright;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bool strict = size > 0 && data[size - 1] % 2 == 1;
  return fuzz::read_or_refuse(data, size, [&](const InputBytes& input) {
    const Cnf cnf = read_dimacs(input, strict).cnf;
    check_well_formed(cnf);
    const Cnf again = read_dimacs(InputBytes::from(dimacs_text(cnf), "again"), true).cnf;
    fuzz::expect(again.variables == cnf.variables && again.clauses == cnf.clauses);
  });
}
