// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <functional>
#include <string>
#include <vector>

#include "atlas/witness_numbers.hpp"
#include "explore/fuzz/stated.hpp"
#include "instances/attention.hpp"
#include "instances/cnf.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/reduction.hpp"

// The oracles that every rule must pass, for tests and for `fuzz`; none is redundant: a wrong pull passes "yes" and "count",
// a lost clause passes "push". They enumerate witnesses completely, so sources must be small.
//   yes        target(0) is the same twice; the source is yes iff some target measures yes_at_least; a target without a witness
//              measures at most no_at_most
//   push       a pushed witness is accepted by one of the promised targets, and pull gives it back
//   pull       every target witness pulls back to a source witness, and the lift table leads it to the same
//   count      where the rule is a bijection, the numbers of witnesses agree
//   size       the measured size is the one the guarantee states
//   guarantee  it has a gap, a theorem and at least one target: without a gap "yes" asks nothing
//   stated     what each target states of itself is so (stated.hpp): form, thresholds, expected answer, tables
namespace gapwright::conformance {

std::vector<Cnf::Witness> all_witnesses(const Cnf&);
std::vector<OrthogonalVectors::Witness> all_witnesses(const OrthogonalVectors&);
std::vector<BitAttention::Witness> all_witnesses(const BitAttention&);

std::vector<GapMaxIp::Witness> all_witnesses(const GapMaxIp&);
std::vector<FactoredGapMaxIp::Witness> all_witnesses(const FactoredGapMaxIp&);

mpz_class measured_bits(const FactoredGapMaxIp&);
mpz_class measured_bits(const OrthogonalVectors&);
mpz_class measured_bits(const BitAttention&);

/// What the guarantee's thresholds speak about: bounds of the measured quantity of a target.
struct Measured {
  mpq_class lo, hi;
};
Measured measure(const OrthogonalVectors&);  ///< the number of orthogonal tuples
Measured measure(const FactoredGapMaxIp&);   ///< the largest number of accepting coins, by the definition
Measured measure(const BitAttention&);       ///< max_i out_i[0], by plain softmax in balls

/// All index tuples with tuple[u] < sizes[u], in lexicographic order.
std::vector<std::vector<std::size_t>> all_tuples(const std::vector<std::size_t>& sizes);

inline const std::vector<std::string> kOracles{"yes", "push", "pull", "count", "size", "guarantee", "stated"};

/// An ill-formed target accepts nothing: its witnesses cannot be looked at.
template <class Target>
bool accepts_pushed(const Target& target, const typename Target::Witness& witness) {
  return is_well_formed(target) && accepts(target, witness);
}

/// Does the lift table lead the witness where pull leads it?
template <class Target, class Source>
bool is_lifted(const std::vector<LiftStep>& steps, const Target& witness, const Source& pulled) {
  try {
    return lift({{}, {}, steps}, numbers_of(witness)) == numbers_of(pulled);
  } catch (const std::invalid_argument&) {
    return false;
  }
}

/// Has target(0) the same size and witnesses each time? An ill-formed one is named elsewhere.
template <Reduction R>
bool is_same_twice(const R& rule, const Guarantee& guarantee) {
  if (guarantee.targets < 1) return true;
  const auto one = rule.target(0), two = rule.target(0);
  if (!is_well_formed(one) || !is_well_formed(two)) return true;
  return measured_bits(one) == measured_bits(two) && all_witnesses(one) == all_witnesses(two);
}

/// Names of the oracles that the rule breaks on this source; empty for a correct rule.
template <Reduction R>
std::vector<std::string> broken_oracles(const R& rule, const typename R::Source& source, bool bijective) {
  std::vector<std::string> broken;
  const auto require = [&](bool holds, const std::string& oracle) {
    if (!holds) broken.push_back(oracle);
  };
  const Guarantee guarantee = rule.guarantee();
  const auto source_witnesses = all_witnesses(source);
  bool some_target_is_yes = false, sizes_fit = true, promises_hold = true, all_pull_back = true, truly_stated = true;
  std::size_t target_witness_count = 0;
  for (mpz_class i = 0; i < guarantee.targets; ++i) {
    const auto target = rule.target(i);
    if (!is_well_formed(target)) {
      truly_stated = false;
      continue;
    }
    const auto witnesses = all_witnesses(target);
    const Measured measured = measure(target);
    target_witness_count += witnesses.size();
    some_target_is_yes |= measured.hi >= guarantee.yes_at_least;
    promises_hold &= witnesses.empty() ? measured.lo <= guarantee.no_at_most : measured.hi >= guarantee.yes_at_least;
    truly_stated &= false_statement(target, guarantee, measured.hi >= guarantee.yes_at_least).empty();
    sizes_fit &= measured_bits(target) == guarantee.target_bits;
    for (const auto& witness : witnesses) {
      const auto pulled = rule.pull(i, witness);
      all_pull_back &= accepts(source, pulled) && is_lifted(rule.lift(), witness, pulled);
    }
  }
  require(some_target_is_yes == !source_witnesses.empty() && promises_hold && is_same_twice(rule, guarantee), "yes");
  bool pushes = true;
  for (const auto& witness : source_witnesses) {
    const auto [i, pushed] = rule.push(witness);
    const bool promised = i >= 0 && i < guarantee.targets;
    pushes &= promised && accepts_pushed(rule.target(i), pushed) && rule.pull(i, pushed) == witness;
  }
  require(pushes, "push");
  require(all_pull_back, "pull");
  if (bijective) require(target_witness_count == source_witnesses.size(), "count");
  require(sizes_fit, "size");
  require(false_statement(guarantee).empty(), "guarantee");
  require(truly_stated, "stated");
  return broken;
}

}  // namespace gapwright::conformance
