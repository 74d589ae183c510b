// SPDX-License-Identifier: MIT
// A rule that is known by its row alone in campaigns: sources from the row of its problem, the oracles of conformance.hpp without types, and
// the faults that any rule between problems told by their parts can have. Witnesses are searched completely on both sides.
// Differential: `decide` of both rows against the complete search.
#include "explore/fuzz/by_row.hpp"

#include <algorithm>

#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/mutant.hpp"

namespace gapwright {
namespace {

/// One thing to corrupt. Each edit returns whether it changed something.
struct ErasedMutant {
  std::string name = {}, corrupts = {};
  bool (*guarantee)(Guarantee&) = nullptr;
  bool (*target)(Parts&) = nullptr;
  bool (*push)(WitnessNumbers&, const std::vector<std::size_t>& ranges) = nullptr;
  bool (*pull)(WitnessNumbers&, const std::vector<std::size_t>& ranges) = nullptr;
  bool (*lift)(std::vector<LiftStep>&) = nullptr;
  bool negates_decision = false;
};

/// Changes the first bit that is not `value`.
bool change_first(Parts& parts, bool value) {
  for (Part& part : parts.all)
    if (auto* bits = std::get_if<BitMatrix>(&part.value))
      for (std::size_t r = 0; r < bits->rows; ++r)
        for (std::size_t c = 0; c < bits->columns; ++c)
          if (bits->get(r, c) != value) {
            bits->set(r, c, value);
            return true;
          }
  return false;
}

/// The last part of more than one row, without its last row.
bool lose_last_row(Parts& parts) {
  for (auto part = parts.all.rbegin(); part != parts.all.rend(); ++part)
    if (auto* bits = std::get_if<BitMatrix>(&part->value); bits && bits->rows > 1) {
      *bits = without_row(*bits, bits->rows - 1);
      return true;
    }
  return false;
}

/// All bits of the last part are the other way round.
bool complement_last(Parts& parts) {
  auto* bits = parts.all.empty() ? nullptr : std::get_if<BitMatrix>(&parts.all.back().value);
  for (std::size_t r = 0; bits && r < bits->rows; ++r)
    for (std::size_t c = 0; c < bits->columns; ++c) bits->set(r, c, !bits->get(r, c));
  return bits && bits->rows * bits->columns > 0;
}

bool to_next(WitnessNumbers& witness, const std::vector<std::size_t>& ranges) {
  for (std::size_t u = 0; u < witness.size() && u < ranges.size(); ++u)
    if (ranges[u] > 1) {
      witness[u] = static_cast<std::int64_t>((static_cast<std::size_t>(witness[u]) + 1) % ranges[u]);
      return true;
    }
  return false;
}

bool lift_to_next(std::vector<LiftStep>& steps) {
  if (steps.empty() || steps[0].kind != LiftStep::Kind::rows) return false;
  LiftStep& step = steps[0];
  step.shift.resize(step.sizes.size());
  for (std::uint64_t& shift : step.shift) ++shift;
  return std::ranges::any_of(step.sizes, [](std::uint64_t size) { return size > 1; });
}

const std::vector<ErasedMutant>& erased_mutants() {
  static const std::vector<ErasedMutant> all{
      {.name = "lost-bit",
       .corrupts = "the first 1 of a target is a 0",
       .target = [](Parts& p) { return change_first(p, false); }},
      {.name = "gained-bit",
       .corrupts = "the first 0 of a target is a 1",
       .target = [](Parts& p) { return change_first(p, true); }},
      {.name = "lost-row", .corrupts = "the last row of a target is missing", .target = lose_last_row},
      {.name = "complemented", .corrupts = "the last part of a target is its complement", .target = complement_last},
      {.name = "push-next", .corrupts = "push names the next index", .push = to_next},
      {.name = "pull-next", .corrupts = "pull names the next index", .pull = to_next},
      {.name = "lift-next", .corrupts = "the lift table names the next index", .lift = lift_to_next},
      {.name = "decided-otherwise", .corrupts = "the decision of a target is the other one", .negates_decision = true},
      {.name = "size-off-by-one",
       .corrupts = "the stated size is a bit too large",
       .guarantee = [](Guarantee& g) { return g.target_bits += 1, true; }},
      {.name = "no-target", .corrupts = "no target is promised", .guarantee = [](Guarantee& g) { return g.targets = 0, true; }},
      {.name = "no-gap", .corrupts = "the guarantee says yes from 3 on and no up to 100", .guarantee = [](Guarantee& g) {
         return g.yes_at_least = 3, g.no_at_most = 100, true;
       }}};
  return all;
}

std::vector<WitnessNumbers> witnesses_by_search(const AnyInstance& instance) {
  std::vector<WitnessNumbers> witnesses;
  for (const auto& tuple : conformance::all_tuples(instance.problem().witness_ranges(instance))) {
    WitnessNumbers numbers = numbers_of(tuple);
    if (instance.problem().objection(instance, {}, numbers).empty()) witnesses.push_back(std::move(numbers));
  }
  return witnesses;
}

/// The rule on one source, seen through a mutant.
class MutatedReduction {
 public:
  MutatedReduction(const AnyReduction& rule, const ErasedMutant& mutant) : rule_(rule), mutant_(mutant) {}

  Guarantee guarantee() {
    Guarantee g = rule_.guarantee();
    if (mutant_.guarantee) changed |= mutant_.guarantee(g);
    return g;
  }
  AnyInstance target(const mpz_class& i) {
    AnyInstance made = rule_.target(i, {});
    if (!mutant_.target) return made;
    Parts parts = made.problem().parts(made);
    changed |= mutant_.target(parts);
    return made.problem().from_parts(parts);
  }
  std::pair<mpz_class, WitnessNumbers> push(const WitnessNumbers& witness, const std::vector<std::size_t>& ranges) {
    auto pushed = rule_.push(witness);
    if (mutant_.push) changed |= mutant_.push(pushed.second, ranges);
    return pushed;
  }
  WitnessNumbers pull(const mpz_class& i, const WitnessNumbers& witness, const std::vector<std::size_t>& ranges) {
    WitnessNumbers pulled = rule_.pull(i, witness);
    if (mutant_.pull) changed |= mutant_.pull(pulled, ranges);
    return pulled;
  }
  WitnessNumbers lifted(const WitnessNumbers& witness) {
    LiftTable table{{}, {}, rule_.lift()};
    if (mutant_.lift) changed |= mutant_.lift(table.steps);
    return lift(table, witness);
  }
  bool decide(const AnyInstance& target) {
    changed |= mutant_.negates_decision;
    return target.problem().decide(target, {}).yes != mutant_.negates_decision;
  }
  mpz_class measured_bits(const AnyInstance& target) const { return rule_.measured_bits(target); }

  bool changed = false;

 private:
  const AnyReduction& rule_;
  const ErasedMutant& mutant_;
};

struct Search {
  bool yes_agrees = false, all_pull_back = true, sizes_fit = true, decided = true;
  std::size_t witnesses = 0;
};

Search search_targets(MutatedReduction& rule, const AnyInstance& source, const Guarantee& promised, bool source_yes) {
  Search found;
  bool some_yes = false;
  const auto source_ranges = source.problem().witness_ranges(source);
  for (mpz_class i = 0; i < promised.targets; ++i) {
    const AnyInstance target = rule.target(i);
    const auto witnesses = witnesses_by_search(target);
    some_yes |= !witnesses.empty();
    found.witnesses += witnesses.size();
    found.sizes_fit &= rule.measured_bits(target) == promised.target_bits;
    found.decided &= rule.decide(target) == !witnesses.empty();
    for (const WitnessNumbers& witness : witnesses) {
      const WitnessNumbers pulled = rule.pull(i, witness, source_ranges);
      found.all_pull_back &= source.problem().objection(source, {}, pulled).empty() && rule.lifted(witness) == pulled;
    }
  }
  found.yes_agrees = some_yes == source_yes;
  return found;
}

bool pushes_well(MutatedReduction& rule, const AnyInstance& source, const Guarantee& promised,
                 const std::vector<WitnessNumbers>& witnesses) {
  const auto source_ranges = source.problem().witness_ranges(source);
  return std::ranges::all_of(witnesses, [&](const WitnessNumbers& witness) {
    const AnyInstance first = rule.target(0);
    const auto [i, pushed] = rule.push(witness, first.problem().witness_ranges(first));
    if (i < 0 || i >= promised.targets) return false;
    const AnyInstance target = i == 0 ? first : rule.target(i);
    return target.problem().objection(target, {}, pushed).empty() && rule.pull(i, pushed, source_ranges) == witness;
  });
}

void judge_reduction(Judge& judge, MutatedReduction& rule, const AnyInstance& source, bool bijective) {
  const Guarantee promised = rule.guarantee();
  const auto witnesses = witnesses_by_search(source);
  const Search found = search_targets(rule, source, promised, !witnesses.empty());
  judge.require(found.yes_agrees, "yes");
  judge.require(pushes_well(rule, source, promised, witnesses), "push");
  judge.require(found.all_pull_back, "pull");
  judge.require(!bijective || found.witnesses == witnesses.size(), "count");
  judge.require(found.sizes_fit, "size");
  judge.require(false_statement(promised).empty(), "guarantee");
  judge.require(found.decided && source.problem().decide(source, {}).yes == !witnesses.empty(), "decide");
}

Findings check_by_row(const Rule& rule, const FuzzCase& c, const std::string& name) {
  const auto* source = std::get_if<AnyInstance>(&c.source);
  if (!source || source->problem().name != rule.source) throw NoCase("the source is no instance of " + rule.source);
  RuleOptions options;
  options.order = c.parameters.order;
  Judge judge;
  Findings findings;
  judge.guard([&] {
    const auto reduction = rule.make(*source, options);
    MutatedReduction mutated(*reduction, mutant_named(erased_mutants(), name));
    findings.answer = !witnesses_by_search(*source).empty();
    judge_reduction(judge, mutated, *source, rule.bijective);
    findings.changed = mutated.changed;
  });
  findings.broken = judge.broken;
  return findings;
}

std::size_t order_of(const AnyInstance& instance) { return instance.problem().sizes(instance).order; }

}  // namespace

bool can_be_fuzzed(const Rule& rule) {
  const Problem &source = problem_row(rule.source), &target = problem_row(rule.target);
  return rule.make && source.small && source.parts && source.from_parts && source.witness_ranges && source.sizes &&
         source.decide && source.work && target.parts && target.from_parts && target.witness_ranges && target.decide;
}

FuzzedRule fuzz_by_row(const Rule& rule) {
  FuzzedRule fuzzed{
      rule.name, {"yes", "push", "pull", "count", "size", "guarantee", "decide", "throws"}, names_of(erased_mutants()), {}, {}};
  fuzzed.draw = [&rule](Random& random, const Cnf* formula) {
    if (formula) throw NoCase("a formula is no instance of " + rule.source);
    const std::optional<std::size_t> order = problem_row(rule.target).order;
    for (;;)
      if (AnyInstance source = problem_row(rule.source).small(random); !order || order_of(source) == *order)
        return FuzzCase{rule.name, std::move(source), {}};
  };
  fuzzed.check = [&rule](const FuzzCase& c, const std::string& mutant) { return check_by_row(rule, c, mutant); };
  return fuzzed;
}

}  // namespace gapwright
