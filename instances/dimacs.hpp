#pragma once
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "instances/files.hpp"

namespace gapwright {

/// A DIMACS file as read: the formula, and what is odd but accepted, one line each.
struct Dimacs {
  Cnf cnf;
  std::vector<std::string> warnings;  ///< wrong clause count
  std::size_t tautologies = 0;        ///< clauses with a variable and its negation (kept)
  std::size_t repeated_literals = 0;  ///< clauses that repeat a literal (kept)
};

/// Reads a formula, character by character: a clause ends at 0 wherever lines end; a line that starts with '%' ends the data
/// (SATLIB). The formula's provenance names the file and its SHA-256. Throws BadInstance "file:line:column: what, and the
/// remedy"; with `strict` a wrong clause count is an error too.
Dimacs read_dimacs(const InputBytes& input, bool strict = false);

/// The formula as DIMACS text: provenance and `notes` as comments, one clause a line.
std::string dimacs_text(const Cnf& cnf, const std::vector<std::string>& notes = {});

}  // namespace gapwright
