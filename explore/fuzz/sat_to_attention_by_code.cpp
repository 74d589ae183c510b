// SPDX-License-Identifier: MIT
// The route through a code in campaigns: formula, vectors, every one of Merlin's messages, attention in factored form, and for
// one of them the written-out inputs of both gadgets. What `solve --route` rests on, against CryptoMiniSat.
//   cryptominisat  the formula is satisfiable iff some message's attention says yes
//   models         tuples at the threshold, over all messages, are as many as models
//   factored       every verdict is the side of its instance, and a yes witness lifts to a model
//   boxes          the written-out attention of the boxes gadget has the verdict, the thresholds and an output that overlaps
//   characters     so does that of the characters gadget in balls, up to its own thresholds
#include <algorithm>
#include <cmath>
#include <memory>

#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/boxes.hpp"
#include "reductions/characters.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/real_attention.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "verify/attention_balls.hpp"
#include "verify/attention_counts.hpp"
#include "verify/brute_force.hpp"
#include "verify/factored_attention.hpp"
#include "verify/sat_oracle.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kMostVariables = 4;
constexpr int kMostMessages = 27;
constexpr double kMostBoxes = 1 << 13, kMostCharacters = 64;

struct Mutant {
  std::string name, corrupts;
  std::function<bool(const OrthogonalVectorsToGapMaxIp&, FactoredAttention&)> factored = {};
  std::function<bool(RealAttention&)> real = {};
};

using Reduced = OrthogonalVectorsToGapMaxIp;

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "gamma-halved",
       .corrupts = "gamma is half of what the gap needs",
       .factored =
           [](const Reduced&, FactoredAttention& a) {
             a.gamma /= 2;
             return true;
           }},
      {.name = "mixed-tuple-forgotten",
       .corrupts = "one mixed tuple is not counted",
       .factored =
           [](const Reduced&, FactoredAttention& a) {
             if (a.mixed_tuples == 0) return false;
             a.mixed_tuples -= 1;
             return true;
           }},
      {.name = "message-always-0",
       .corrupts = "Merlin sends message 0 whatever is asked for",
       .factored =
           [](const Reduced& rule, FactoredAttention& a) {
             auto zero = rule.protocol().message(0);
             const bool changed = zero != a.gap_max_ip.message;
             a.gap_max_ip.message = std::move(zero);
             return changed;
           }},
      {.name = "party-0-always-accepts-a-coin",
       .corrupts = "the first symbol of the message is what the first tuple makes of it",
       .factored =
           [](const Reduced&, FactoredAttention& a) {
             FactoredGapMaxIp& g = a.gap_max_ip;
             const std::vector<std::size_t> first(g.sets->size(), 0);
             for (std::size_t x = 0; x < g.coins; ++x) {
               FactoredGapMaxIp changed = g;
               changed.message[x] = static_cast<std::uint16_t>((g.message[x] + 1) % g.field.size);
               if (inner_product(changed, first) <= inner_product(g, first)) continue;
               g.message = changed.message;
               return true;
             }
             return false;
           }},
      {.name = "real-pads-too-heavy",
       .corrupts = "the characters' pads weigh as a tuple at 1.5 t",
       .real =
           [](RealAttention& a) {
             const std::size_t k = a.attention.keys.size() + 1, columns = a.attention.q.columns;
             for (Matrix& keys : a.attention.keys)
               keys.at(keys.rows - 1, columns - 1) *= std::pow(1.5, static_cast<double>(columns) / static_cast<double>(k));
             return true;
           }},
      {.name = "real-entries-a-tenth-small",
       .corrupts = "the characters' queries are 10 % too small",
       .real =
           [](RealAttention& a) {
             for (double& x : a.attention.q.entries) x *= 0.9;
             return true;
           }},
      {.name = "real-thresholds-of-another-gap",
       .corrupts = "the characters' yes threshold is a tenth higher",
       .real =
           [](RealAttention& a) {
             *a.attention.terms.yes_at_least += mpq_class(1, 10);
             return true;
           }},
  };
  return all;
}

mpq_class hair() { return mpq_class(mpz_class(1), mpz_class(1) << 60); }

class Route {
 public:
  Route(const Cnf& cnf, const OrthogonalVectors& ov, const Reduced& rule, const Mutant& mutant)
      : cnf_(cnf), ov_(ov), rule_(rule), mutant_(mutant) {}

  Judge judge;
  bool changed = false;

  void run(std::uint64_t choice) {
    const SatAnswer solver = ask_cryptominisat(cnf_);
    bool some_yes = false;
    std::size_t at_threshold = 0;
    for (mpz_class i = 0; i < rule_.protocol().messages(); ++i) {
      const FactoredAttention a = attention_of(i);
      at_threshold += conformance::all_witnesses(a.gap_max_ip).size();
      some_yes |= check_factored(i, a);
    }
    judge.require(some_yes == solver.satisfiable, "cryptominisat");
    judge.require(at_threshold == enumerate_assignments(cnf_).models, "models");
    check_gadgets(mpz_class(choice) % rule_.protocol().messages());
    if (const OrthogonalCensus census = enumerate_tuples(ov_); census.first) check_gadgets(rule_.push(*census.first).first);
  }

 private:
  FactoredAttention attention_of(const mpz_class& i) {
    FactoredAttention a = factored_attention(rule_.target(i));
    if (mutant_.factored && mutant_.factored(rule_, a)) changed = true;
    return a;
  }

  bool check_factored(const mpz_class& i, const FactoredAttention& a) {
    const GapSide side = side_of_instance(rule_.target(i), alone_);
    const Verdict v = decide_factored(a, alone_);
    judge.require(
        v.answer == (side == GapSide::yes ? Answer::yes : Answer::no) && v.witness.has_value() == (side == GapSide::yes),
        "factored");
    if (v.answer == Answer::yes) judge.require(accepts(ov_, rule_.pull(i, *v.witness)), "factored");
    // The thresholds' own theorem, on the row that decides.
    judge.require(v.answer == Answer::yes ? v.hi >= *a.terms.yes_at_least : v.lo <= *a.terms.no_at_most, "factored");
    return v.answer == Answer::yes;
  }

  void check_gadgets(const mpz_class& message) {
    const FactoredGapMaxIp g = rule_.target(message);
    const FactoredAttention factored = attention_of(message);
    const Verdict expected = decide_factored(factored, alone_);
    const mpz_class most_bits = mpz_class(1) << 30;
    if (boxes_dimension(g) <= kMostBoxes) {
      const GapMaxIp full = boxes(g, false, most_bits);
      const GapMaxIpToAttention rule(full);
      const Verdict v = decide_by_counts(rule.target(0), CountMethod::histogram, alone_);
      judge.require(v.answer == expected.answer && v.witness == expected.witness && v.row == expected.row, "boxes");
      judge.require(rule.guarantee().yes_at_least == *factored.terms.yes_at_least &&
                        rule.guarantee().no_at_most == *factored.terms.no_at_most,
                    "boxes");
      judge.require(v.lo <= expected.hi + hair() && expected.lo <= v.hi + hair(), "boxes");
    }
    double table = 1;
    for (std::size_t tau = 0; tau < g.blocks; ++tau) table *= g.field.size;
    if (table > kMostCharacters) return;
    RealAttention real = real_attention(characters(g, most_bits));
    if (mutant_.real && mutant_.real(real)) changed = true;
    const GapSide side = side_of_instance(g, alone_);
    const AttentionTerms& terms = real.attention.terms;
    const Verdict v = decide_by_balls(real.attention, alone_);
    judge.require(v.answer == (side == GapSide::yes ? Answer::yes : Answer::no) &&
                      (side != GapSide::yes || accepts(ov_, rule_.pull(message, *v.witness))),
                  "characters");
    const std::vector<Ball> outputs = outputs_by_balls(real.attention, 0, real.attention.q.rows, 128, alone_);
    bool some_yes = false, all_no = true;
    for (const Ball& out : outputs) {
      some_yes |= upper(out) >= *terms.yes_at_least;
      all_no &= lower(out) <= *terms.no_at_most;
    }
    judge.require(side == GapSide::yes ? some_yes : all_no, "characters");
    for (const Matrix* m : {&real.attention.q, &real.attention.keys[0]})
      for (const double x : m->entries) judge.require(std::abs(x) <= terms.entry_bound * (1 + 0x1p-50), "characters");
  }

  const Cnf& cnf_;
  const OrthogonalVectors& ov_;
  const Reduced& rule_;
  const Mutant& mutant_;
  const RunControl alone_{1, nullptr, {}};
};

Findings check(const FuzzCase& c, const std::string& name) {
  const Cnf& cnf = formula_in(c);
  const OrthogonalVectors ov = vectors_of_formula(cnf, c.parameters.order, std::uint64_t{1} << (kMostVariables + 2));
  const auto protocol = std::make_shared<const MerlinArthur>(protocol_of(c.parameters));
  if (ov.dimension > protocol->universe() || protocol->messages() > 4 * kMostMessages)
    throw NoCase("the vectors or the messages do not fit");
  const Reduced rule(ov, protocol);
  Route route(cnf, ov, rule, mutant_named(mutants(), name));
  route.judge.guard([&] { route.run(c.parameters.choice); });
  return {route.judge.broken, enumerate_assignments(cnf).models > 0, route.changed};
}

}  // namespace

FuzzedRule fuzz_sat_to_attention_by_code() {
  FuzzedRule rule{"sat_to_attention_by_code",
                  {"cryptominisat", "models", "factored", "boxes", "characters", "throws"},
                  names_of(mutants()),
                  {},
                  check};
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"sat_to_attention_by_code", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 4);
    const Cnf cnf = formula ? *formula : draw_formula(random, kMostVariables, 2 + random.below(5));
    draw_protocol(random, p, std::max<std::size_t>(1, cnf.clauses.size()), kMostMessages);
    p.choice = random.word();
    c.source = cnf;
    return c;
  };
  return rule;
}

}  // namespace gapwright
