// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <concepts>
#include <string>
#include <utility>
#include <vector>

#include "instances/lift.hpp"

namespace gapwright {

/// Everything a rule's theorem promises, exact, known before anything is built.
struct Guarantee {
  std::string theorem;     ///< key and statement in docs/reductions.md
  mpz_class targets;       ///< the source is yes iff ANY target is yes; 1 for a many-one rule
  mpz_class target_bits;   ///< exact size of one target's data
  mpq_class yes_at_least;  ///< a yes target measures at least this (what is measured: see the rule)
  mpq_class no_at_most;    ///< every no target measures at most this
};

/// A rule: the forward map, both witness maps and the guarantee, as one object that is valid once constructed.
template <class R>
concept Reduction = requires(const R& r, const mpz_class& i, const typename R::Source::Witness& s,
                             const typename R::Target::Witness& t) {
  { r.guarantee() } -> std::same_as<Guarantee>;
  { r.target(i) } -> std::same_as<typename R::Target>;  // the i-th target, a pure function of i
  { r.push(s) } -> std::same_as<std::pair<mpz_class, typename R::Target::Witness>>;
  { r.pull(i, t) } -> std::same_as<typename R::Source::Witness>;
  { r.lift() } -> std::same_as<std::vector<LiftStep>>;  // pull as data: steps in the order in which they are applied
};

}  // namespace gapwright
