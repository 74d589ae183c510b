// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/json.hpp"

// What a certificate claims, decoded: every key that must be there is, none is there that we do not know, and every number is
// written in the one way it can be (docs/trust.md lists the keys).
namespace checker {

/// [lo, hi] holds a real number x: lo = floor(x 2^width) / 2^width, hi = lo + 2^-width.
struct Enclosure {
  std::uint64_t width = 0;
  mpq_class lo, hi;
};

/// How many tuples of a row have inner product s = 0, 1, ...: main: all values are 1; other: some value is 0. No zeros at the
/// end.
struct Counts {
  std::vector<mpz_class> main, other;
  bool operator==(const Counts&) const = default;
};

/// A list by runs of equal entries: (entry, how often), in order; neighbours differ.
template <class T>
using Runs = std::vector<std::pair<T, std::uint64_t>>;

/// Of every row: the number of tuples with each inner product below the cut. `runs` names entries of `counts`, numbered as they
/// first occur.
struct RowCounts {
  std::uint64_t cut = 0;
  std::vector<Counts> counts;
  Runs<std::uint64_t> runs;
};

/// Of every row: floor(x 2^width) / 2^width for its output (attention) or its largest inner product (real vectors).
struct RowBounds {
  std::uint64_t width = 0;
  Runs<mpq_class> runs;
};

struct Claim {
  std::string problem;              ///< attention, orthogonal-vectors, gap-max-ip, cnf
  std::vector<std::string> inputs;  ///< SHA-256 of each instance file
  std::string verdict;              ///< yes, no; of gap-max-ip also outside-promise
  std::uint64_t order = 0;
  std::optional<std::string> route;  ///< cnf: direct, through attention; none: by the assignment alone
  std::optional<std::string> form;   ///< gap-max-ip: bits, symbols, real
  mpq_class entry_bound, softmax_scale, yes_at_least, no_at_most, rounding;
  std::uint64_t row = 0;
  std::optional<std::vector<std::uint64_t>> witness;
  std::optional<std::string> formula;                   ///< SHA-256
  std::optional<std::vector<std::int64_t>> assignment;  ///< literals 1 or -1, 2 or -2, ...
  std::optional<std::uint64_t> cut;                     ///< of `counts`
  std::optional<Counts> counts;                         ///< of the row
  std::optional<Enclosure> enclosure;          ///< of the row's output, or of its largest inner product when vectors are real
  std::optional<std::uint64_t> inner_product;  ///< gap-max-ip: yes: of the witness, else the largest
  std::optional<std::uint64_t> empty_set;      ///< gap-max-ip: the first set without vectors; then there are no rows to speak of
  std::optional<RowCounts> rows;
  std::optional<RowBounds> bounds;
};

/// Throws Rejected naming the first leaf that is not as it must be.
Claim decode(const Value& claim);

}  // namespace checker
