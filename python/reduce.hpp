// SPDX-License-Identifier: MIT
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "atlas/reduce.hpp"
#include "python/any_instance.hpp"
#include "python/instances.hpp"

// reduce: an instance written as one of another problem, with both witness maps. The way back is the lift table that a bundle would hold:
// every step refuses what is no index of a vector, pads among it.
namespace gapwright::python {

/// What reduce returns.
struct Reduction {
  std::variant<std::shared_ptr<Vectors>, std::shared_ptr<Gap01>, std::shared_ptr<RealGap>, std::shared_ptr<FactoredGap>,
               std::shared_ptr<AttentionInput>, std::shared_ptr<RowInstance>>
      target;
  std::vector<Promise> steps;
  std::optional<mpz_class> message;
  std::function<WitnessNumbers(const WitnessNumbers&)> push;
  LiftTable lift;                        ///< back to the source
  std::vector<std::size_t> sizes;        ///< of the source's sets
  std::optional<std::size_t> variables;  ///< of the source, if it is a formula
};

// The source as the atlas holds it: a copy, whose bytes are checked against the limits.
AnyInstance source_of(const Formula&, const Limits&);
AnyInstance source_of(const Vectors&, const Limits&);
AnyInstance source_of(const RowInstance&, const Limits&);
AnyInstance source_of(const Gap01&, const Limits&);
AnyInstance source_of(const RealGap&, const Limits&);
AnyInstance source_of(const FactoredGap&, const Limits&);

/// Throws std::invalid_argument where the request does not fit the source.
Reduction reduced(AnyInstance source, const ReduceRequest& request, const Work& work);

}  // namespace gapwright::python
