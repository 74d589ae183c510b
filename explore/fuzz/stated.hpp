// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/lift.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/reduction.hpp"

// What an instance, a guarantee and a lift table state about themselves beyond the answer, tested by the definition. Each function
// returns the first statement that is false, in one line, or nothing.
namespace gapwright {

/// Targets are counted, the theorem is named, and no_at_most < yes_at_least.
std::string false_statement(const Guarantee&);

/// Can the target be measured at all?
bool is_well_formed(const OrthogonalVectors&);
bool is_well_formed(const FactoredGapMaxIp&);
bool is_well_formed(const BitAttention&);

/// Of a well-formed target: its thresholds are the guarantee's; an expected answer is the target's; B and the scale are positive;
/// tables, message and systematic coins are what false_symbols asks.
std::string false_statement(const OrthogonalVectors&, const Guarantee&, bool answer);
std::string false_statement(const FactoredGapMaxIp&, const Guarantee&, bool answer);
std::string false_statement(const BitAttention&, const Guarantee&, bool answer);

/// Are the tables those of a field with 0 and 1 in their places?
bool is_field(const FieldTables&);
/// The tables are a field's; at systematic coins, strictly increasing, all symbols are 0 or 1 and the message is 0.
std::string false_symbols(const FactoredGapMaxIp&);

/// entry_bound is the largest absolute value of the entries of q and the keys, up to two units in the last place of `significand_bits`
/// (of their coarsest type). Where all entries are 0 every bound holds. Of the embedding "sharp", which real vectors are written in
/// too, all entries may be below it by a factor of up to 2^(1/k): the copies of a balanced coordinate are (docs/reductions.md, section 6).
std::string false_entry_bound(const Attention&, int significand_bits);

/// Where `embedding` ends in -centred the order is 2 and every entry of the keys is B or -B.
std::string false_embedding(const Attention&);

/// No inner product is further than `rounding` from an integer: in rationals for small instances, else in doubles with their error.
std::string false_rounding(const RealGapMaxIp&);

/// For each set of the target its rows, and for attention which of them have value 1 (queries: empty).
struct TargetRows {
  std::vector<std::size_t> rows;
  std::vector<std::vector<bool>> counted;
};
/// A table whose first step says which rows stand for vectors: they are rows of the target; where keys have value 1, the first and the last
/// of them do, and none outside; each lifts to an assignment of `variables`; no step speaks of more than the next one takes.
std::string false_table(const LiftTable&, const TargetRows&, std::size_t variables);

}  // namespace gapwright
