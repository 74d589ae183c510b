// SPDX-License-Identifier: MIT
#pragma once
#include <cstdint>
#include <vector>

#include "checker/dimacs.hpp"
#include "checker/direct_layout.hpp"

// The vectors of a formula (docs/reductions.md, section 1), and the attention input that they make.
namespace checker {

/// Numbers of variables of the k groups.
std::vector<std::size_t> group_sizes(const Formula& formula, std::size_t order);

/// All vectors. Throws Limit before any is built when they do not fit.
std::vector<Bits> list_formula(const Formula& formula, std::size_t order);

/// The attention input of a formula on the direct route, plain layout.
struct EmbeddedFormula {
  AttentionTerms terms;  ///< thresholds: floor and ceiling to 64 binary places of what Theorem R2 proves
  BitAttention bits;
};
EmbeddedFormula embed_formula(const Formula& formula, std::size_t order);

/// The assignment that a tuple of k-OV vectors stands for: variables in groups, bit b of an index is variable b of its group.
std::vector<std::int64_t> lift(const Formula& formula, const std::vector<std::uint64_t>& tuple);

}  // namespace checker
