// SPDX-License-Identifier: MIT
// `orthogonal_vectors_to_gap_max_ip` in campaigns, over every family of codes: all targets, that is all of Merlin's messages, are
// built.
//   gap         every target carries the guarantee's thresholds, is well formed, and never lies outside its promise
//   histogram   the counting kernels find what the definition says, for every tuple
//   decision    deciding the target on inner products gives its side and a witness that pulls back
#include <algorithm>
#include <memory>

#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "verify/brute_force.hpp"
#include "verify/factored_attention.hpp"
#include "verify/gap_max_ip.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostTuples = 48;
constexpr int kMostMessages = 64;

using Rule = OrthogonalVectorsToGapMaxIp;
using Mutant = RuleMutant<Rule>;
using Witness = FactoredGapMaxIp::Witness;

bool add_to_message(const Rule& rule, FactoredGapMaxIp& g, bool systematic) {
  for (std::size_t x = 0; x < g.coins; ++x)
    if ((std::find(g.systematic.begin(), g.systematic.end(), x) != g.systematic.end()) == systematic) {
      g.message[x] = rule.protocol().code().field().add(g.message[x], 1);
      return true;
    }
  return false;
}

bool wrong_symbol(const Rule& rule, FactoredGapMaxIp& g, std::size_t u) {
  auto sets = std::make_shared<std::vector<SymbolRows>>(*g.sets);
  std::uint16_t& symbol = (*sets)[u].symbols.back();
  symbol = rule.protocol().code().field().add(symbol, 1);
  g.sets = std::move(sets);
  return true;
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "flipped-message-symbol",
       .corrupts = "the message is off by 1 at the first coin outside the information set",
       .target = [](const Rule& r, const mpz_class&, FactoredGapMaxIp& g) { return add_to_message(r, g, false); }},
      {.name = "illegal-message",
       .corrupts = "the message is 1 at the first position of the information set",
       .target = [](const Rule& r, const mpz_class&, FactoredGapMaxIp& g) { return add_to_message(r, g, true); }},
      {.name = "message-of-another-number",
       .corrupts = "target i is built from message i + 1",
       .target =
           [](const Rule& r, const mpz_class& i, FactoredGapMaxIp& g) {
             const mpz_class next = (i + 1) % r.protocol().messages();
             g.message = r.protocol().message(next);
             return next != i;
           }},
      {.name = "symbol-of-the-last-party-wrong",
       .corrupts = "the last symbol of the last vector is off by 1",
       .target = [](const Rule& r, const mpz_class&, FactoredGapMaxIp& g) { return wrong_symbol(r, g, g.sets->size() - 1); }},
      {.name = "t-off-by-one",
       .corrupts = "t = L - 1",
       .target =
           [](const Rule&, const mpz_class&, FactoredGapMaxIp& g) {
             --g.gap.yes_at_least;
             return true;
           }},
      {.name = "field-product-wrong",
       .corrupts = "the table says (Q-1)(Q-1) is one more than it is",
       .target =
           [](const Rule& r, const mpz_class&, FactoredGapMaxIp& g) {
             std::uint16_t& entry = g.field.product.back();
             entry = r.protocol().code().field().add(entry, 1);
             return true;
           }},
      {.name = "s_no-off-by-one",
       .corrupts = "the guarantee says k D - 1",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.no_at_most -= 1;
             return true;
           }},
      {.name = "one-message-lost",
       .corrupts = "the last message is not counted",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.targets -= 1;
             return true;
           }},
      {.name = "size-off-by-a-symbol",
       .corrupts = "the stated size is a symbol too small",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.target_bits -= 16;
             return true;
           }},
      {.name = "push-names-the-next-message",
       .corrupts = "honest Merlin's number is one too large",
       .push =
           [](const Rule& r, mpz_class& i, Witness&) {
             const mpz_class next = (i + 1) % r.protocol().messages();
             const bool changed = next != i;
             i = next;
             return changed;
           }},
      {.name = "pull-reversed",
       .corrupts = "pull gives the tuple in reverse",
       .pull =
           [](const Rule&, const Witness& t, OrthogonalVectors::Witness& w) {
             std::reverse(w.begin(), w.end());
             return w != t;
           }},
      without_gap<Rule>(),
  };
  return all;
}

void check_target(Judge& judge, const OrthogonalVectors& ov, const Mutated<Rule>& rule, const mpz_class& i,
                  const Guarantee& guarantee) {
  const FactoredGapMaxIp g = rule.target(i);
  check_well_formed(g);
  const RunControl alone{1, nullptr, {}};
  const GapSide side = side_of_instance(g, alone);
  judge.require(guarantee.yes_at_least == g.gap.yes_at_least && guarantee.no_at_most == g.gap.no_at_most &&
                    side != GapSide::outside_promise,
                "gap");
  const std::size_t rows = (*g.sets)[0].rows;
  std::vector<std::uint64_t> counted(rows * (g.coins + 1));
  std::int64_t largest = 0;
  for (const auto& tuple : conformance::all_tuples(rows_of(ov))) {
    const std::int64_t product = inner_product(g, tuple);
    largest = std::max(largest, product);
    ++counted[tuple[0] * (g.coins + 1) + static_cast<std::size_t>(product)];
  }
  judge.require(accepting_histograms(g, 0, rows, alone) == counted, "histogram");
  const GapVerdict verdict = decide_gap(g, alone);
  judge.require(verdict.side == side_of(g.gap, largest) && side == verdict.side &&
                    (side != GapSide::yes || accepts(ov, rule.pull(i, *verdict.witness))),
                "decision");
}

Findings check(const FuzzCase& c, const std::string& name) {
  const OrthogonalVectors& ov = vectors_in(c);
  const auto protocol = std::make_shared<const MerlinArthur>(protocol_of(c.parameters));
  const auto rows = rows_of(ov);
  if (ov.dimension > protocol->universe() || protocol->messages() > 4 * kMostMessages ||
      std::find(rows.begin(), rows.end(), 0) != rows.end())
    throw NoCase("the vectors or the messages do not fit");
  const Rule rule(ov, protocol);
  const Mutated<Rule> mutated(rule, mutant_named(mutants(), name));
  Judge judge;
  judge.guard([&] { judge.take(conformance::broken_oracles(mutated, ov, true)); });
  judge.guard([&] {
    const Guarantee guarantee = mutated.guarantee();
    for (mpz_class i = 0; i < guarantee.targets; ++i) check_target(judge, ov, mutated, i, guarantee);
  });
  return {judge.broken, enumerate_tuples(ov).orthogonal > 0, mutated.changed()};
}

}  // namespace

FuzzedRule fuzz_orthogonal_vectors_to_gap_max_ip() {
  FuzzedRule rule{"orthogonal_vectors_to_gap_max_ip", conformance::kOracles, names_of(mutants()), {}, check};
  for (const char* more : {"gap", "histogram", "decision", "throws"}) rule.oracles.push_back(more);
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"orthogonal_vectors_to_gap_max_ip", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 5);
    OrthogonalVectors ov =
        formula ? vectors_of_formula(*formula, p.order, kMostTuples) : draw_vectors(random, p.order, kMostTuples, 6);
    draw_protocol(random, p, ov.dimension, kMostMessages);
    c.source = std::move(ov);
    return c;
  };
  return rule;
}

}  // namespace gapwright
