// SPDX-License-Identifier: MIT
// `gap_max_ip_to_attention` in campaigns, "sharp" and "paper", from 0/1 vectors with any thresholds that keep the promise row by
// row, as [AS24] poses it; the gap is one in most. (A row outside the promise may be the first above the middle, and its tuple is
// then no witness.)
#include <algorithm>
#include <cmath>

#include "explore/fuzz/attention.hpp"
#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostTuples = 48;
constexpr std::int64_t kMostThreshold = 40;

using Rule = GapMaxIpToAttention;
using Mutant = RuleMutant<Rule>;
using Witness = BitAttention::Witness;

/// The first pad of the first keys.
std::size_t first_pad(const Rule& rule) { return rule.embedding().set_sizes[1].get_ui(); }

std::size_t vector_dimension(const Rule& rule) {
  const mpz_class& d = rule.embedding().dimension;
  return rule.embedding().kind == Embedding::sharp ? mpz_class(d - rule.embedding().gap.yes_at_least).get_ui()
                                                   : mpz_class(d / 2).get_ui();
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "entries-one-ulp-small",
       .corrupts = "B is one unit in the last place too small",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             a.terms.entry_bound = std::nextafter(a.terms.entry_bound, 0.0);
             return true;
           }},
      {.name = "scale-one-ulp-large",
       .corrupts = "the softmax scale is one unit in the last place too large",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             a.terms.softmax_scale = std::nextafter(a.terms.softmax_scale, 2.0);
             return true;
           }},
      {.name = "negative-sign",
       .corrupts = "queries are -B x",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             a.sign = -1;
             return true;
           }},
      {.name = "pad-one-coordinate-short",
       .corrupts = "the first pad has one coordinate less: it weighs e^(gamma (t - 1))",
       .target = [](const Rule& rule, const mpz_class&,
                    BitAttention& a) { return change_bit(a.keys[0], first_pad(rule), a.keys[0].columns - 1, false); }},
      {.name = "pads-invisible",
       .corrupts = "queries are 0 where the pads are 1",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             bool changed = false;
             for (std::size_t r = 0; r < a.queries.rows; ++r)
               for (std::size_t c = vector_dimension(rule); c < a.queries.columns; ++c)
                 changed |= change_bit(a.queries, r, c, false);
             return changed;
           }},
      {.name = "data-key-with-pad-bit",
       .corrupts = "the first data key has a 1 in the pads' part",
       .target = [](const Rule&, const mpz_class&,
                    BitAttention& a) { return change_bit(a.keys[0], 0, a.keys[0].columns - 1, true); }},
      {.name = "pad-counts",
       .corrupts = "pads have value 1",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             for (auto& values : a.values) std::fill(values.begin(), values.end(), std::uint8_t{1});
             return true;
           }},
      {.name = "witness-threshold-off-by-one",
       .corrupts = "a tuple at t - 1 passes for a witness",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             --a.yes_inner_product;
             return true;
           }},
      {.name = "vector-bit-lost",
       .corrupts = "the first 1 of the queries' vectors is a 0",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             for (std::size_t r = 0; r < a.queries.rows; ++r)
               for (std::size_t c = 0; c < vector_dimension(rule); ++c)
                 if (change_bit(a.queries, r, c, false)) return true;
             return false;
           }},
      {.name = "yes-threshold-a-hair-high",
       .corrupts = "yes_at_least is too high by a 2^-60th of itself",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.yes_at_least += g.yes_at_least / (mpz_class(1) << 60);
             return true;
           }},
      {.name = "no-threshold-a-hair-low",
       .corrupts = "no_at_most is too low by a 2^-60th of itself",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.no_at_most -= g.no_at_most / (mpz_class(1) << 60);
             return true;
           }},
      {.name = "size-without-values",
       .corrupts = "the stated size forgets one number",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.target_bits -= 64;
             return true;
           }},
      {.name = "pull-next-key",
       .corrupts = "pull names the next vector of set 1",
       .pull =
           [](const Rule& rule, const Witness&, GapMaxIp::Witness& w) {
             w[1] = (w[1] + 1) % first_pad(rule);
             return first_pad(rule) > 1;
           }},
      {.name = "push-next-row",
       .corrupts = "push names the next row",
       .push =
           [](const Rule& rule, mpz_class&, Witness& w) {
             const std::size_t rows = rule.embedding().set_sizes[0].get_ui();
             w[0] = (w[0] + 1) % rows;
             return rows > 1;
           }},
      without_gap<Rule>(),
      expecting_yes<Rule>(),
  };
  return all;
}

void check_separation(Judge& judge, const GapEmbedding& e) {
  if (e.kind != Embedding::sharp) return;
  const mpq_class mixed = (mpq_class(mpz_class(mpz_class(1) << (e.set_sizes.size() - 1))) - 1) / 16;
  judge.require(e.no_at_most < mpq_class(1, 16) && e.yes_at_least >= 1 / (2 + mixed), "separation");
}

Findings check(const FuzzCase& c, const std::string& name) {
  const OrthogonalVectors& ov = vectors_in(c);
  const FuzzParameters& p = c.parameters;
  const GapMaxIp g = gap_instance(ov, p);
  const auto rows = rows_of(ov);
  if (std::find(rows.begin(), rows.end(), 0) != rows.end() || p.yes_at_least > kMostThreshold)
    throw NoCase("an empty set, or a threshold out of reach");
  GapSide side = GapSide::no;
  for (const std::int64_t largest : largest_products_by_row(ov)) {
    if (side_of(g.gap, largest) == GapSide::outside_promise) throw NoCase("the promise is broken");
    if (side_of(g.gap, largest) == GapSide::yes) side = GapSide::yes;
  }
  const bool paper = p.embedding == Embedding::paper;
  if (paper && p.yes_at_least > static_cast<std::int64_t>(ov.dimension)) throw NoCase("t is above the dimension");
  const Rule rule(g, paper ? Embedding::paper : Embedding::sharp, p.centred && p.order == 2);
  const Mutated<Rule> mutated(rule, mutant_named(mutants(), name));
  Judge judge;
  judge.guard([&] { judge.take(conformance::broken_oracles(mutated, g, true)); });
  judge.guard([&] {
    judge.take(broken_attention_oracles(mutated.target(0), mutated.guarantee(), side == GapSide::yes,
                                        [&](const Witness& w) { return accepts(g, mutated.pull(0, w)); }));
  });
  check_separation(judge, rule.embedding());
  return {judge.broken, side == GapSide::yes, mutated.changed()};
}

}  // namespace

FuzzedRule fuzz_gap_max_ip_to_attention() {
  FuzzedRule rule{"gap_max_ip_to_attention", conformance::kOracles, names_of(mutants()), {}, check};
  rule.oracles.insert(rule.oracles.end(), kAttentionOracles.begin(), kAttentionOracles.end());
  for (const char* more : {"separation", "throws"}) rule.oracles.push_back(more);
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"gap_max_ip_to_attention", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 5);
    OrthogonalVectors ov =
        formula ? vectors_of_formula(*formula, p.order, kMostTuples) : draw_vectors(random, p.order, kMostTuples, 9);
    const std::int64_t largest = largest_product(ov),
                       apart = random.below(3) == 0 ? 1 + static_cast<std::int64_t>(random.below(3)) : 1;
    const bool yes = random.bit() && largest > 0;
    p.yes_at_least = yes ? largest : largest + apart;
    p.no_at_most = yes ? 0 : largest;
    for (const std::int64_t row : largest_products_by_row(ov))
      if (yes && row < largest) p.no_at_most = std::max(p.no_at_most, apart == 1 ? largest - 1 : row);
    if (random.below(3) == 0 && p.yes_at_least <= static_cast<std::int64_t>(ov.dimension)) p.embedding = Embedding::paper;
    p.centred = p.order == 2 && random.below(4) == 0;
    c.source = std::move(ov);
    return c;
  };
  return rule;
}

}  // namespace gapwright
