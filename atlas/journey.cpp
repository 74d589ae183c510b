// SPDX-License-Identifier: MIT
#include "atlas/journey.hpp"

#include <algorithm>
#include <stdexcept>

namespace gapwright {

Route journey_between(const std::string& from, const std::string& to, bool centred) {
  const auto fits = [&](std::size_t r) {
    return rules()[r].make && (rules()[r].target != "attention" || rules()[r].parameters.centred == centred);
  };
  for (const Route& route : routes(from, to))
    if (std::ranges::all_of(route, fits)) return route;
  throw std::invalid_argument("no rule makes instances of " + to + " from those of " + from);
}

Made made_through(const AnyInstance& source, const Route& route, const RuleOptions& options, const RunControl& control) {
  Made made{source, {}, {}, {}};
  for (const std::size_t r : route) {
    const Rule& rule = rules()[r];
    const std::shared_ptr<const AnyReduction> reduction = rule.make(made.target, options);
    const Guarantee promised = reduction->guarantee();
    made.target = reduction->target(0, control);
    made.path.push_back({arrow(rule),
                         reduction->theorem(),
                         reduction->parameters(),
                         {{"targets", promised.targets.get_str()}, {"target_bits", promised.target_bits.get_str()}},
                         {{"target_bits", reduction->measured_bits(made.target).get_str()}}});
    const std::vector<LiftStep> back = reduction->lift();
    made.lift.insert(made.lift.end(), back.rbegin(), back.rend());
    made.reductions.push_back(reduction);
  }
  return made;
}

WitnessNumbers push(const Made& made, const WitnessNumbers& source) {
  WitnessNumbers witness = source;
  for (const auto& reduction : made.reductions) witness = reduction->push(witness).second;
  return witness;
}

}  // namespace gapwright
