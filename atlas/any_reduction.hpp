// SPDX-License-Identifier: MIT
#pragma once
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "atlas/any_instance.hpp"
#include "atlas/witness_numbers.hpp"
#include "instances/files/bundle.hpp"
#include "instances/lift.hpp"
#include "reductions/reduction.hpp"
#include "support/run_control.hpp"

// A rule applied to an instance, without its types: what the row of a rule makes.
namespace gapwright {

class AnyReduction {
 public:
  virtual ~AnyReduction() = default;
  virtual Guarantee guarantee() const = 0;
  virtual AnyInstance target(const mpz_class& i, const RunControl& control) const = 0;
  virtual std::pair<mpz_class, WitnessNumbers> push(const WitnessNumbers& source) const = 0;
  virtual WitnessNumbers pull(const mpz_class& i, const WitnessNumbers& target) const = 0;
  virtual std::vector<LiftStep> lift() const = 0;  ///< in the order in which they are applied
  /// As a bundle tells it: the statement, and what the rule was applied with.
  virtual std::string theorem() const { return guarantee().theorem; }
  virtual NamedValues parameters() const { return {}; }
  /// The size of a target, counted on it.
  virtual mpz_class measured_bits(const AnyInstance& target) const = 0;
};

/// The rule `R` on a source that stays alive with it. `wrapped` makes an instance of the target's problem, `counted_bits` counts its size.
template <Reduction R>
class ErasedReduction : public AnyReduction {
 public:
  using Target = typename R::Target;
  using Wrapped = AnyInstance (*)(Target);
  using CountedBits = mpz_class (*)(const AnyInstance&);

  /// What a bundle tells of it, where that is more than the guarantee.
  struct Told {
    std::string theorem = {};
    NamedValues parameters = {};
  };

  ErasedReduction(AnyInstance source, R rule, Wrapped wrapped, CountedBits counted_bits, Told told = {})
      : source_(std::move(source)),
        rule_(std::move(rule)),
        wrapped_(wrapped),
        counted_bits_(counted_bits),
        told_(std::move(told)) {}

  const R& rule() const { return rule_; }
  Guarantee guarantee() const override { return rule_.guarantee(); }
  AnyInstance target(const mpz_class& i, const RunControl& control) const override {
    if constexpr (requires { rule_.target(i, control); })
      return wrapped_(rule_.target(i, control));
    else
      return wrapped_(rule_.target(i));
  }
  std::pair<mpz_class, WitnessNumbers> push(const WitnessNumbers& source) const override {
    auto [i, witness] = rule_.push(witness_from<typename R::Source::Witness>(source));
    return {i, numbers_of(witness)};
  }
  WitnessNumbers pull(const mpz_class& i, const WitnessNumbers& target) const override {
    return numbers_of(rule_.pull(i, witness_from<typename Target::Witness>(target)));
  }
  std::vector<LiftStep> lift() const override { return rule_.lift(); }
  std::string theorem() const override { return told_.theorem.empty() ? guarantee().theorem : told_.theorem; }
  NamedValues parameters() const override { return told_.parameters; }
  mpz_class measured_bits(const AnyInstance& target) const override { return counted_bits_(target); }

 private:
  AnyInstance source_;
  R rule_;
  Wrapped wrapped_;
  CountedBits counted_bits_;
  Told told_;
};

}  // namespace gapwright
