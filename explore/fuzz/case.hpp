// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <string>
#include <variant>

#include "atlas/any_instance.hpp"
#include "codes/families.hpp"
#include "instances/cnf.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "instances/vocabulary.hpp"

namespace gapwright {

/// What a rule is run with. A rule reads what it knows and leaves the rest alone.
struct FuzzParameters {
  std::size_t order = 2;                   ///< k
  bool square = false;                     ///< direct: equal numbers of rows
  bool causal = false;                     ///< direct: laid out for a causal mask
  bool centred = false;                    ///< order 2: keys B and -B
  int significand_bits = 53;               ///< direct: of the format that must hold B
  Embedding embedding = Embedding::sharp;  ///< Gap-k-MaxIP to attention: sharp or paper
  std::int64_t yes_at_least = 1;           ///< t of a Gap-k-MaxIP source
  std::int64_t no_at_most = 0;             ///< s_no
  const CodeFamily* family = &plainest_family();
  std::int64_t q = 5, level = 1;       ///< of its curve, as in CurveParameters
  std::size_t degree = 1, blocks = 2;  ///< D and T
  std::uint64_t choice = 0;            ///< names whatever else is chosen, such as one of Merlin's messages
  bool operator==(const FuzzParameters&) const = default;
};

/// One case of a campaign: a source, a rule by name, and its parameters.
struct FuzzCase {
  std::string rule;
  std::variant<Cnf, OrthogonalVectors, AnyInstance> source;  ///< the last: of a problem that campaigns know by its row alone
  FuzzParameters parameters;
};

/// A case of a regression file: the rule must pass all oracles on it; if it names a mutant, that mutant must break the oracle.
struct Regression {
  FuzzCase fuzz_case;
  std::string mutant;  ///< empty: an instance on which the rule itself once failed
  std::string oracle;  ///< that was broken
  std::string note;    ///< for readers
};

/// JSON, stable key order. `read_regression` throws BadInstance, one line, for anything else than what regression_text writes.
std::string regression_text(const Regression&);
Regression read_regression(const std::string& text, const std::string& file_name);

/// "3 variables, 4 clauses" or "sets of 2, 3 vectors in dimension 4".
std::string source_text(const FuzzCase&);

/// The number that shrinking makes smaller: all counts and values in the case.
std::uint64_t size_of(const FuzzCase&);

}  // namespace gapwright
