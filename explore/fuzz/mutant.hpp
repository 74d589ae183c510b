// SPDX-License-Identifier: MIT
#pragma once
#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "explore/fuzz/rules.hpp"
#include "reductions/reduction.hpp"

namespace gapwright {

/// One thing to corrupt about a rule. Each edit returns whether it changed something.
template <Reduction R>
struct RuleMutant {
  std::string name, corrupts;
  std::function<bool(const R&, Guarantee&)> guarantee = {};
  std::function<bool(const R&, const mpz_class& i, typename R::Target&)> target = {};
  std::function<bool(const R&, mpz_class& i, typename R::Target::Witness&)> push = {};
  std::function<bool(const R&, const typename R::Target::Witness&, typename R::Source::Witness&)> pull = {};
};

/// Faults that every rule can have.
template <Reduction R>
RuleMutant<R> without_gap() {
  return {
      .name = "no-gap", .corrupts = "the guarantee says yes from 3 on and no up to 100", .guarantee = [](const R&, Guarantee& g) {
        g.yes_at_least = 3;
        g.no_at_most = 100;
        return true;
      }};
}
template <Reduction R>
RuleMutant<R> expecting_yes() {
  return {.name = "yes-expected",
          .corrupts = "every target states that its answer is yes",
          .target = [](const R&, const mpz_class&, typename R::Target& t) {
            t.terms.expected = true;
            return true;
          }};
}

/// The rule seen through a mutant: itself a rule, so the same oracles judge it. With the empty mutant it is the rule.
template <Reduction R>
class Mutated {
 public:
  using Source = typename R::Source;
  using Target = typename R::Target;

  Mutated(const R& rule, const RuleMutant<R>& mutant) : rule_(rule), mutant_(mutant) {}

  Guarantee guarantee() const {
    Guarantee g = rule_.guarantee();
    if (mutant_.guarantee) note(mutant_.guarantee(rule_, g));
    return g;
  }
  Target target(const mpz_class& i) const {
    Target t = rule_.target(i);
    if (mutant_.target) note(mutant_.target(rule_, i, t));
    return t;
  }
  std::pair<mpz_class, typename Target::Witness> push(const typename Source::Witness& w) const {
    auto pushed = rule_.push(w);
    if (mutant_.push) note(mutant_.push(rule_, pushed.first, pushed.second));
    return pushed;
  }
  typename Source::Witness pull(const mpz_class& i, const typename Target::Witness& t) const {
    auto w = rule_.pull(i, t);
    if (mutant_.pull) note(mutant_.pull(rule_, t, w));
    return w;
  }
  std::vector<LiftStep> lift() const { return rule_.lift(); }
  bool changed() const { return changed_; }
  const R& original() const { return rule_; }

 private:
  void note(bool changed) const { changed_ = changed_ || changed; }
  const R& rule_;
  const RuleMutant<R>& mutant_;
  mutable bool changed_ = false;
};

/// The mutant of this name; the first, empty one for "".
template <class Mutant>
const Mutant& mutant_named(const std::vector<Mutant>& mutants, std::string_view name) {
  static const Mutant none{};
  if (name.empty()) return none;
  for (const Mutant& mutant : mutants)
    if (mutant.name == name) return mutant;
  throw std::invalid_argument("there is no mutant '" + std::string(name) + "'");
}

template <class Mutant>
std::vector<FuzzedRule::Mutant> names_of(const std::vector<Mutant>& mutants) {
  std::vector<FuzzedRule::Mutant> names;
  names.reserve(mutants.size());
  for (const Mutant& mutant : mutants) names.push_back({mutant.name, mutant.corrupts});
  return names;
}

/// Collects broken oracles by name.
struct Judge {
  std::vector<std::string> broken;
  void require(bool holds, const std::string& oracle) {
    if (!holds && std::find(broken.begin(), broken.end(), oracle) == broken.end()) broken.push_back(oracle);
  }
  void take(const std::vector<std::string>& others) {
    for (const auto& oracle : others) require(false, oracle);
  }
  /// Runs `work`; an exception breaks "throws".
  template <class Work>
  void guard(Work work) {
    try {
      work();
    } catch (const NoCase&) {
      throw;
    } catch (const std::exception&) {
      require(false, "throws");
    }
  }
};

}  // namespace gapwright
