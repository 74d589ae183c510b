// SPDX-License-Identifier: MIT
// `orthogonal_vectors_to_attention` ("direct") in campaigns, with --square and every significand; sources with an empty set must
// be refused.
#include <algorithm>
#include <cmath>

#include "explore/fuzz/attention.hpp"
#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/errors.hpp"
#include "verify/brute_force.hpp"
#include "verify/orthogonal_tuples.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostTuples = 128;

using Rule = OrthogonalVectorsToAttention;
using Mutant = RuleMutant<Rule>;
using Witness = BitAttention::Witness;

mpq_class hair() { return mpq_class(mpz_class(1), mpz_class(1) << 70); }

const std::vector<Mutant>& matrix_mutants() {
  static const std::vector<Mutant> all{
      {.name = "entries-one-ulp-small",
       .corrupts = "B is one unit in the last place too small",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             a.terms.entry_bound = std::nextafter(a.terms.entry_bound, 0.0);
             return true;
           }},
      {.name = "positive-sign",
       .corrupts = "queries B x, not -B x",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             a.sign = 1;
             return true;
           }},
      {.name = "pad-counts",
       .corrupts = "pads have value 1",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             for (auto& values : a.values) values.back() = 1;
             return true;
           }},
      {.name = "pad-lost",
       .corrupts = "the last key matrix has no pad",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             BitMatrix& keys = a.keys.back();
             --keys.rows;
             keys.words.resize(keys.rows * keys.words_per_row);
             a.values.back().pop_back();
             return true;
           }},
      {.name = "mixed-pattern-lost",
       .corrupts = "queries are 0 at the first mixed pattern",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             bool changed = false;
             for (std::size_t r = 0; r < a.queries.rows; ++r)
               changed |= change_bit(a.queries, r, rule.embedding().vector_dimension, false);
             return changed;
           }},
      {.name = "query-bit-lost",
       .corrupts = "the first 1 of the queries' vectors is a 0",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             for (std::size_t r = 0; r < a.queries.rows; ++r)
               for (std::size_t c = 0; c < rule.embedding().vector_dimension; ++c)
                 if (change_bit(a.queries, r, c, false)) return true;
             return false;
           }},
      {.name = "key-bit-gained",
       .corrupts = "the first 0 of the first keys' vectors is a 1",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             for (std::size_t r = 0; r + 1 < a.keys[0].rows; ++r)
               for (std::size_t c = 0; c < rule.embedding().vector_dimension; ++c)
                 if (change_bit(a.keys[0], r, c, true)) return true;
             return false;
           }},
      {.name = "square-by-zero-rows",
       .corrupts = "`square` appends zero queries instead of repeating",
       .target =
           [](const Rule& rule, const mpz_class&, BitAttention& a) {
             bool changed = false;
             for (std::size_t r = rule.embedding().set_sizes[0].get_ui(); r < a.queries.rows; ++r)
               for (std::size_t c = 0; c < a.queries.columns; ++c) changed |= change_bit(a.queries, r, c, false);
             return changed;
           }},
      {.name = "witness-threshold-off-by-one",
       .corrupts = "a tuple with one common 1 passes for a witness",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             a.yes_inner_product = 1;
             return true;
           }},
  };
  return all;
}

const std::vector<Mutant>& other_mutants() {
  static const std::vector<Mutant> all{
      {.name = "thresholds-swapped",
       .corrupts = "the file's thresholds stand in each other's place",
       .target =
           [](const Rule&, const mpz_class&, BitAttention& a) {
             std::swap(a.terms.yes_at_least, a.terms.no_at_most);
             return true;
           }},
      {.name = "yes-threshold-a-hair-high",
       .corrupts = "yes_at_least is 2^-70 too high",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.yes_at_least += hair();
             return true;
           }},
      {.name = "no-threshold-a-hair-low",
       .corrupts = "no_at_most is 2^-70 too low",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.no_at_most -= hair();
             return true;
           }},
      {.name = "size-without-pads",
       .corrupts = "the stated size forgets one number",
       .guarantee =
           [](const Rule&, Guarantee& g) {
             g.target_bits -= 64;
             return true;
           }},
      {.name = "pull-without-modulo",
       .corrupts = "pull forgets that `square` repeats rows",
       .pull =
           [](const Rule&, const Witness& t, OrthogonalVectors::Witness& w) {
             if (w == t) return false;
             w = t;
             return true;
           }},
      {.name = "pull-next-key",
       .corrupts = "pull names the next vector of set 1",
       .pull =
           [](const Rule& rule, const Witness&, OrthogonalVectors::Witness& w) {
             const std::size_t rows = rule.embedding().set_sizes[1].get_ui();
             w[1] = (w[1] + 1) % rows;
             return rows > 1;
           }},
      {.name = "push-next-row",
       .corrupts = "push names the next row",
       .push =
           [](const Rule& rule, mpz_class&, Witness& w) {
             const std::size_t rows = rule.embedding().set_sizes[0].get_ui();
             w[0] = (w[0] + 1) % rows;
             return rows > 1;
           }},
      {.name = "delta-of-a-quarter",
       .corrupts = "thresholds of delta = 1/4",
       .guarantee =
           [](const Rule& rule, Guarantee& g) {
             const DirectEmbedding& e = rule.embedding();
             g.no_at_most = direct_embedding(e.set_sizes, e.vector_dimension, {.delta = mpq_class(1, 4)}).no_at_most;
             return true;
           }},
      without_gap<Rule>(),
      expecting_yes<Rule>(),
  };
  return all;
}

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all = [] {
    std::vector<Mutant> both = matrix_mutants();
    both.insert(both.end(), other_mutants().begin(), other_mutants().end());
    return both;
  }();
  return all;
}

struct DeciderMutant {
  std::string name, corrupts;
  AttentionTamper tamper = {};
};

const std::vector<DeciderMutant>& decider_mutants() {
  static const std::vector<DeciderMutant> all{
      {.name = "float-error-unstated",
       .corrupts = "exact attention states a 2^-10th of its error",
       .tamper = {.exact =
                      [](ExactAttention& exact) {
                        for (double& error : exact.row_error) error /= 1024;
                      }}},
      {.name = "float-row-wrong",
       .corrupts = "exact attention is off by 2^-20 in the first row",
       .tamper = {.exact = [](ExactAttention& exact) { exact.out.at(0, 0) += 0x1p-20; }}},
      {.name = "verdict-witness-of-the-next-row",
       .corrupts = "the verdict names the row before",
       .tamper = {.verdict =
                      [](Verdict& v) {
                        if (v.witness) (*v.witness)[0] = (*v.witness)[0] == 0 ? 1 : (*v.witness)[0] - 1;
                      }}},
      {.name = "balls-undecided",
       .corrupts = "softmax in balls gives up",
       .tamper = {.balls = [](Verdict& v) { v.answer = Answer::undecided; }}},
      {.name = "recovered-sign-lost",
       .corrupts = "the recovered bits are those of positive queries",
       .tamper = {.recovered =
                      [](RecoveredBits& r) {
                        if (r.bits) r.bits->sign = 1;
                      }}},
  };
  return all;
}

/// "formats": B is a number of the format asked for. "separation": the theorem's constants.
void check_constants(Judge& judge, const BitAttention& a, const Guarantee& g, int bits) {
  int exponent = 0;
  const double scaled = std::ldexp(std::frexp(a.terms.entry_bound, &exponent), bits);
  judge.require(scaled == std::floor(scaled), "formats");
  if (a.terms.causal) return;  // whose theorem has others
  const mpq_class mixed = (mpq_class(mpz_class(mpz_class(1) << a.keys.size())) - 1) / 16;
  judge.require(g.no_at_most < mpq_class(1, 16) && g.yes_at_least >= 1 / (2 + mixed), "separation");
}

Findings check(const FuzzCase& c, const std::string& name) {
  const OrthogonalVectors& ov = vectors_in(c);
  const FuzzParameters& p = c.parameters;
  if (p.significand_bits < 2 || p.significand_bits > 53) throw NoCase("a significand has 2 to 53 bits");
  const OrthogonalCensus census = enumerate_tuples(ov);
  Judge judge;
  const DirectOptions options = direct_options(p);
  const auto rows = rows_of(ov);
  if (std::find(rows.begin(), rows.end(), 0) != rows.end()) {
    if (!name.empty()) throw NoCase("the rule refuses an empty set");
    bool refused = false;
    try {
      const Rule rule(ov, options);
    } catch (const BadInstance&) {
      refused = true;
    }
    judge.require(refused && !first_orthogonal_tuple(ov) && census.orthogonal == 0, "refusal");
    return {judge.broken, false, false};
  }
  const Rule rule(ov, options);
  const auto& deciders = decider_mutants();
  const auto tampered = std::find_if(deciders.begin(), deciders.end(), [&](const DeciderMutant& m) { return m.name == name; });
  const bool of_decider = tampered != deciders.end();
  const Mutated<Rule> mutated(rule, mutant_named(mutants(), of_decider ? "" : name));
  judge.guard([&] { judge.take(conformance::broken_oracles(mutated, ov, !p.square && !p.causal)); });
  judge.guard([&] {
    judge.take(broken_attention_oracles(
        mutated.target(0), mutated.guarantee(), census.orthogonal > 0,
        [&](const Witness& w) { return accepts(ov, mutated.pull(0, w)); }, of_decider ? tampered->tamper : AttentionTamper{}));
    check_constants(judge, mutated.target(0), mutated.guarantee(), p.significand_bits);
  });
  return {judge.broken, census.orthogonal > 0, mutated.changed() || of_decider};
}

}  // namespace

FuzzedRule fuzz_orthogonal_vectors_to_attention() {
  FuzzedRule rule{"orthogonal_vectors_to_attention", conformance::kOracles, names_of(mutants()), {}, check};
  for (const FuzzedRule::Mutant& mutant : names_of(decider_mutants())) rule.mutants.push_back(mutant);
  rule.oracles.insert(rule.oracles.end(), kAttentionOracles.begin(), kAttentionOracles.end());
  for (const char* more : {"formats", "separation", "refusal", "throws"}) rule.oracles.push_back(more);
  rule.draw = [](Random& random, const Cnf* formula) {
    constexpr int kBits[] = {53, 53, 53, 24, 11, 8};
    FuzzCase c{"orthogonal_vectors_to_attention", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 6);
    p.square = random.below(4) == 0 && p.order <= 4;
    p.significand_bits = kBits[random.below(std::size(kBits))];
    c.source = formula ? vectors_of_formula(*formula, p.order, kMostTuples)
                       : draw_vectors(random, p.order, p.square ? 24 : kMostTuples, 8);
    if (!formula && random.below(64) == 0)
      std::get<OrthogonalVectors>(c.source).sets[random.below(p.order)] =
          BitMatrix(0, std::get<OrthogonalVectors>(c.source).dimension);
    draw_layout(random, p);
    return c;
  };
  return rule;
}

}  // namespace gapwright
