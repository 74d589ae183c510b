// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "instances/cnf.hpp"
#include "support/files.hpp"

namespace gapwright {

/// A DIMACS file as read: the formula, and what is odd but accepted, one line each.
struct Dimacs {
  Cnf cnf;
  std::vector<std::string> warnings;  ///< wrong clause count
  std::size_t tautologies = 0;        ///< clauses with a variable and its negation (kept)
  std::size_t repeated_literals = 0;  ///< clauses that repeat a literal (kept)
  /// What comments say for model counters; it changes no answer but a count's.
  std::optional<std::vector<std::int32_t>> shown;  ///< variables of "c p show ... 0" and "c ind ... 0" lines, sorted, each once
  std::string shown_trouble;                       ///< why such a line cannot be followed: place and reason; empty when all can
  bool weighted = false;                           ///< there are "c p weight" lines
};

/// Reads a formula, character by character: a clause ends at 0 wherever lines end; a line that starts with '%' ends the data
/// (SATLIB). The formula's provenance names the file and its SHA-256. Throws BadInstance "file:line:column: what, and the
/// remedy"; with `strict` a wrong clause count is an error too.
Dimacs read_dimacs(const InputBytes& input, bool strict = false);

/// The formula as DIMACS text: provenance and `notes` as comments, one clause a line.
std::string dimacs_text(const Cnf& cnf, const std::vector<std::string>& notes = {});

}  // namespace gapwright
