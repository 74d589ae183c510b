// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string_view>
#include <vector>

namespace checker {

struct Formula {
  std::uint64_t variables = 0;
  std::vector<std::vector<std::int64_t>> clauses;

  bool satisfied_by(const std::vector<std::int64_t>& literals) const;  ///< literals[v - 1] is v or -v
};

/// DIMACS CNF: comment lines, "p cnf VARIABLES CLAUSES", then literals, 0 ends a clause; a line that starts with % ends the data.
/// The header's number of clauses is not relied on. Throws BadInput.
Formula read_dimacs(std::string_view text);

}  // namespace checker
