// SPDX-License-Identifier: MIT
// The oracles are tested by faults: everything that a guarantee and a target state has a fault that some oracle names on a yes or on a no
// source, and correct variants pass on both.
#include "explore/fuzz/conformance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <set>

#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

using namespace gapwright;

namespace {

template <class Rule>
struct Fault {
  std::string oracle;  ///< that must name it; empty: a correct variant
  RuleMutant<Rule> mutant;
};

template <class Rule>
RuleMutant<Rule> of_guarantee(const std::string& name, const std::function<void(Guarantee&)>& edit) {
  return {.name = name, .corrupts = "", .guarantee = [=](const Rule&, Guarantee& g) {
            edit(g);
            return true;
          }};
}
template <class Rule>
RuleMutant<Rule> of_target(const std::string& name, const std::function<void(typename Rule::Target&)>& edit) {
  return {.name = name, .corrupts = "", .target = [=](const Rule&, const mpz_class&, typename Rule::Target& t) {
            edit(t);
            return true;
          }};
}

/// Faults of what every guarantee states. `top` is more than is ever measured.
template <class Rule>
std::vector<Fault<Rule>> guarantee_faults(const mpq_class& top, const mpq_class& hair) {
  const auto change = [](const std::string& oracle, const std::string& name, const std::function<void(Guarantee&)>& edit) {
    return Fault<Rule>{oracle, of_guarantee<Rule>(name, edit)};
  };
  return {change("", "as it is", [](Guarantee&) {}),
          change("guarantee", "yes from 3 on, no up to 100",
                 [](Guarantee& g) {
                   g.yes_at_least = 3;
                   g.no_at_most = 100;
                 }),
          change("guarantee", "thresholds exchanged", [](Guarantee& g) { std::swap(g.yes_at_least, g.no_at_most); }),
          change("guarantee", "thresholds equal, at no", [](Guarantee& g) { g.yes_at_least = g.no_at_most; }),
          change("guarantee", "thresholds equal, at yes", [](Guarantee& g) { g.no_at_most = g.yes_at_least; }),
          change("yes", "yes beyond what is measured", [=](Guarantee& g) { g.yes_at_least = top; }),
          change("yes", "no below what is measured", [](Guarantee& g) { g.no_at_most = -1; }),
          change("yes", "both below",
                 [](Guarantee& g) {
                   g.yes_at_least = -1;
                   g.no_at_most = -2;
                 }),
          change("yes", "yes a hair too high", [=](Guarantee& g) { g.yes_at_least += hair; }),
          change("yes", "no a hair too low", [=](Guarantee& g) { g.no_at_most -= hair; }),
          change("guarantee", "no target", [](Guarantee& g) { g.targets = 0; }),
          change("guarantee", "fewer than no target", [](Guarantee& g) { g.targets = -1; }),
          change("guarantee", "no theorem", [](Guarantee& g) { g.theorem.clear(); }),
          change("size", "size one bit larger", [](Guarantee& g) { g.target_bits += 1; }),
          change("size", "size one bit smaller", [](Guarantee& g) { g.target_bits -= 1; }),
          change("size", "no size", [](Guarantee& g) { g.target_bits = 0; })};
}

template <class Rule>
std::set<std::string> broken(const std::vector<typename Rule::Source>& sources,
                             const std::function<Rule(const typename Rule::Source&)>& make, const RuleMutant<Rule>& mutant) {
  std::set<std::string> names;
  for (const auto& source : sources) {
    const Rule rule = make(source);
    Judge judge;
    judge.guard([&] { judge.take(conformance::broken_oracles(Mutated<Rule>(rule, mutant), source, true)); });
    names.insert(judge.broken.begin(), judge.broken.end());
  }
  return names;
}

template <class Rule>
void check_faults(const std::vector<typename Rule::Source>& sources,
                  const std::function<Rule(const typename Rule::Source&)>& make, const std::vector<Fault<Rule>>& faults) {
  for (const Fault<Rule>& fault : faults) {
    CAPTURE(fault.mutant.name);
    const auto names = broken<Rule>(sources, make, fault.mutant);
    std::string all;
    for (const auto& name : names) all += name + " ";
    CAPTURE(all);
    CHECK((fault.oracle.empty() ? names.empty() : names.contains(fault.oracle)));
  }
}

template <class Rule>
std::vector<Fault<Rule>> joined(std::vector<Fault<Rule>> faults, const std::vector<Fault<Rule>>& more) {
  faults.insert(faults.end(), more.begin(), more.end());
  return faults;
}

/// A yes, a no with products exactly 1, and unequal sets.
std::vector<OrthogonalVectors> vector_sources() {
  const auto of = [](std::size_t d, const std::vector<std::vector<std::string>>& sets) {
    OrthogonalVectors ov{d, {}, {}};
    for (const auto& rows : sets) {
      BitMatrix set(rows.size(), d);
      for (std::size_t r = 0; r < rows.size(); ++r)
        for (std::size_t c = 0; c < d; ++c) set.set(r, c, rows[r][c] == '1');
      ov.sets.push_back(set);
    }
    return ov;
  };
  return {of(2, {{"10"}, {"01"}}), of(2, {{"10", "11"}, {"11", "10", "10"}}), of(2, {{"11", "10"}, {"10", "01", "11"}})};
}

}  // namespace

TEST_CASE("conformance: every statement of a guarantee has faults that are caught: formulas to vectors") {
  using Rule = SatToOrthogonalVectors;
  const std::vector<Cnf> sources{
      {2, {{1, 2}, {-1, 2}, {1, -2}}, {}}, {2, {{1, 2}, {-1, 2}, {1, -2}, {-1, -2}}, {}}, {3, {{1, -3}, {2}}, {}}};
  const auto more = [](const std::string& oracle, const std::string& name, const std::function<void(OrthogonalVectors&)>& edit) {
    return Fault<Rule>{oracle, of_target<Rule>(name, edit)};
  };
  check_faults<Rule>(
      sources, [](const Cnf& cnf) { return Rule(cnf, 2); },
      joined(guarantee_faults<Rule>(1000, 1),
             {more("yes", "every other target has lost a bit",
                   [calls = std::make_shared<int>(0)](OrthogonalVectors& ov) {
                     if (++*calls % 2 == 0) ov.sets[0].set(0, 0, false);
                   }),
              more("stated", "the dimension is another", [](OrthogonalVectors& ov) { ++ov.dimension; }),
              more("stated", "a set is missing", [](OrthogonalVectors& ov) { ov.sets.pop_back(); }),
              {"", of_guarantee<Rule>("no threshold higher, below yes", [](Guarantee& g) { g.no_at_most = mpq_class(1, 2); })},
              {"push",
               {.name = "push names a target beyond the promised ones",
                .corrupts = "",
                .push = [](const Rule&, mpz_class& i, auto&) { return ++i > 0; }}}}));
}

TEST_CASE("conformance: every statement of a guarantee and of an attention input has faults that are caught") {
  using Rule = OrthogonalVectorsToAttention;
  const mpq_class hair(mpz_class(1), mpz_class(1) << 70);
  const auto more = [](const std::string& oracle, const std::string& name, const std::function<void(BitAttention&)>& edit) {
    return Fault<Rule>{oracle, of_target<Rule>(name, edit)};
  };
  const auto answer = [](const BitAttention& a) { return conformance::measure(a).hi >= *a.terms.yes_at_least; };
  check_faults<Rule>(
      vector_sources(), [](const OrthogonalVectors& ov) { return Rule(ov); },
      joined(guarantee_faults<Rule>(2, hair),
             {more("", "the answer is expected", [=](BitAttention& a) { a.terms.expected = answer(a); }),
              more("stated", "the other answer is expected", [=](BitAttention& a) { a.terms.expected = !answer(a); }),
              more("stated", "always yes is expected", [](BitAttention& a) { a.terms.expected = true; }),
              more("stated", "its yes threshold is another", [=](BitAttention& a) { *a.terms.yes_at_least -= hair; }),
              more("stated", "its no threshold is another", [=](BitAttention& a) { *a.terms.no_at_most += hair; }),
              more("stated", "a threshold is missing", [](BitAttention& a) { a.terms.no_at_most.reset(); }),
              more("stated", "B is 0", [](BitAttention& a) { a.terms.entry_bound = 0; }),
              more("stated", "B is not finite", [](BitAttention& a) { a.terms.entry_bound = INFINITY; }),
              more("stated", "the scale is negative", [](BitAttention& a) { a.terms.softmax_scale = -a.terms.softmax_scale; }),
              more("stated", "the scale is not finite", [](BitAttention& a) { a.terms.softmax_scale = NAN; }),
              more("yes", "B is halved", [](BitAttention& a) { a.terms.entry_bound /= 2; }),
              more("pull", "the witness threshold is one off", [](BitAttention& a) { ++a.yes_inner_product; }),
              more("stated", "a value column is short", [](BitAttention& a) { a.values[0].pop_back(); })}));
}

TEST_CASE("conformance: every statement of a guarantee and of a Gap-k-MaxIP instance in symbols has faults that are caught") {
  using Rule = OrthogonalVectorsToGapMaxIp;
  FuzzParameters parameters;
  parameters.degree = 1;
  parameters.blocks = 1;
  const auto protocol = std::make_shared<const MerlinArthur>(protocol_of(parameters));
  const auto more = [](const std::string& oracle, const std::string& name, const std::function<void(FactoredGapMaxIp&)>& edit) {
    return Fault<Rule>{oracle, of_target<Rule>(name, edit)};
  };
  check_faults<Rule>(
      vector_sources(), [&](const OrthogonalVectors& ov) { return Rule(ov, protocol); },
      joined(guarantee_faults<Rule>(1000, 1),
             {{"push", of_guarantee<Rule>("the last target is not counted", [](Guarantee& g) { g.targets = 1; })},
              more("stated", "t is another", [](FactoredGapMaxIp& g) { --g.gap.yes_at_least; }),
              more("stated", "s_no is another", [](FactoredGapMaxIp& g) { ++g.gap.no_at_most; }),
              more("stated", "the characteristic is another", [](FactoredGapMaxIp& g) { ++g.field.characteristic; }),
              more("stated", "a product is wrong", [](FactoredGapMaxIp& g) { g.field.product.back() = 0; }),
              more("stated", "a sum is wrong", [](FactoredGapMaxIp& g) { g.field.sum.back() = 0; }),
              more("stated", "a symbol is beyond the field", [](FactoredGapMaxIp& g) { g.message[0] = 99; }),
              more("stated", "the message is short", [](FactoredGapMaxIp& g) { g.message.pop_back(); }),
              more("stated", "systematic coins twice", [](FactoredGapMaxIp& g) { g.systematic.push_back(g.systematic.back()); }),
              more("stated", "a systematic coin beyond the last", [](FactoredGapMaxIp& g) { g.systematic.push_back(g.coins); }),
              more("stated", "every coin is called systematic", [](FactoredGapMaxIp& g) {
                g.systematic.clear();
                for (std::size_t x = 0; x < g.coins; ++x) g.systematic.push_back(x);
              })}));
}
