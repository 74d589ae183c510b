// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "checker/instances.hpp"

namespace checker {

/// The vectors of a formula (docs/reductions.md section 1).
std::vector<Bits> list_formula(const Formula& formula, std::size_t order);

/// Numbers of variables of the k groups.
std::vector<std::size_t> group_sizes(const Formula& formula, std::size_t order);

/// The attention input of a formula on the direct route (docs/reductions.md, sections 1 and 2).
struct EmbeddedFormula {
  AttentionTerms terms;  ///< thresholds: floor and ceiling to 64 binary places of what Theorem R2 proves
  BitAttention bits;
};
EmbeddedFormula embed_formula(const Formula& formula, std::size_t order);

/// The assignment that a tuple of k-OV vectors stands for: variables in groups, bit b of an index is variable b of its group.
std::vector<std::int64_t> lift(const Formula& formula, const std::vector<std::uint64_t>& tuple);

}  // namespace checker
