// SPDX-License-Identifier: MIT
// The gadgets in campaigns: vectors whose inner products are the numbers of accepting coins.
//   boxes, pruned   0/1 vectors: every tuple's inner product is exactly the number of coins that accept it
//   characters      real vectors: so is it up to the stated rounding, which is far below half the gap
//   sizes           dimensions are those predicted without building
//   weights         the weights of the characters are those of the closed form (Gauss sums), coin by coin
//   decision        all forms are decided alike
#include <algorithm>
#include <cmath>
#include <memory>

#include "explore/fuzz/conformance.hpp"
#include "explore/fuzz/draw.hpp"
#include "explore/fuzz/mutant.hpp"
#include "reductions/boxes.hpp"
#include "reductions/character_numbers.hpp"
#include "reductions/characters.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "verify/brute_force.hpp"
#include "verify/gap_max_ip.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostTuples = 27;
constexpr double kMostBoxes = 1 << 14;       // coordinates of the boxes
constexpr double kMostCharacters = 1 << 12;  // L Q^(T+1): cosines that the characters take

struct Forms {
  FactoredGapMaxIp factored;
  std::optional<GapMaxIp> full;  ///< where small enough
  GapMaxIp pruned;
  RealGapMaxIp real;
};

struct Mutant {
  std::string name, corrupts;
  std::function<bool(FactoredGapMaxIp&)> before = {};  ///< what the gadgets are given
  std::function<bool(Forms&)> after = {};
};

const std::vector<Mutant>& mutants() {
  static const std::vector<Mutant> all{
      {.name = "coin-taken-for-systematic",
       .corrupts = "characters expands a coin with any symbols as if they were bits",
       .before =
           [](FactoredGapMaxIp& g) {
             for (std::size_t x = 0; x < g.coins; ++x)
               if (!std::binary_search(g.systematic.begin(), g.systematic.end(), x)) {
                 g.systematic.insert(std::lower_bound(g.systematic.begin(), g.systematic.end(), x), x);
                 return true;
               }
             return false;
           }},
      {.name = "box-bit-lost",
       .corrupts = "the first 1 of the boxes is a 0",
       .after = [](Forms& f) { return f.full && change_first_bit(f.full->sets, false); }},
      {.name = "box-of-a-refusal",
       .corrupts = "party 0's first row also has the first box it does not accept",
       .after = [](Forms& f) { return f.full && change_first_bit(f.full->sets, true); }},
      {.name = "pruned-one-too-many",
       .corrupts = "the last coordinate of the pruned boxes is dropped",
       .after =
           [](Forms& f) {
             bool changed = false;
             for (BitMatrix& set : f.pruned.sets)
               for (std::size_t r = 0; r < set.rows; ++r)
                 changed |= f.pruned.dimension > 0 && change_bit(set, r, f.pruned.dimension - 1, false);
             return changed;
           }},
      {.name = "character-lost",
       .corrupts = "the last real coordinate has weight 0",
       .after =
           [](Forms& f) {
             f.real.weights.back() = 0;
             return true;
           }},
      {.name = "sign-lost",
       .corrupts = "signs are missing in the first set",
       .after =
           [](Forms& f) {
             bool changed = false;
             for (double& x : f.real.sets[0].entries) {
               changed |= x < 0;
               x = std::abs(x);
             }
             return changed;
           }},
      {.name = "real-terms-not-doubled",
       .corrupts = "the heaviest weight is halved",
       .after =
           [](Forms& f) {
             *std::max_element(f.real.weights.begin(), f.real.weights.end()) /= 2;
             return true;
           }},
      {.name = "rounding-unstated",
       .corrupts = "the characters claim to be exact to 2^-60",
       .after =
           [](Forms& f) {
             f.real.rounding = 0x1p-60;
             return true;
           }},
      {.name = "gap-not-copied",
       .corrupts = "the boxes say s_no + 1",
       .after =
           [](Forms& f) {
             ++f.pruned.gap.no_at_most;
             return true;
           }},
  };
  return all;
}

std::int64_t product_of(const GapMaxIp& g, const std::vector<std::size_t>& tuple) {
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : g.sets) sets.push_back(&set);
  return static_cast<std::int64_t>(inner_product(sets, tuple));
}

/// The weights at a coin by the closed form, sorted.
std::vector<double> predicted_weights(const FactoredGapMaxIp& g, std::size_t x, std::size_t k) {
  const bool systematic = std::binary_search(g.systematic.begin(), g.systematic.end(), x);
  const CoinKind kind = systematic ? CoinKind::systematic : g.message[x] == 0 ? CoinKind::zero : CoinKind::nonzero;
  std::vector<double> weights;
  for (const WeightClass& c : character_weights(kind, g.field.size, g.blocks, k))
    weights.insert(weights.end(), c.coordinates.get_ui(), std::sqrt(c.weight_squared.get_d()));
  std::sort(weights.begin(), weights.end());
  return weights;
}

void check_weights(Judge& judge, const FactoredGapMaxIp& g, const RealGapMaxIp& real) {
  const std::vector<std::size_t> counts = character_coordinates(g);
  std::size_t column = 0;
  for (std::size_t x = 0; x < g.coins; ++x) {
    const std::vector<double> predicted = predicted_weights(g, x, g.sets->size());
    judge.require(predicted.size() == counts[x] && column + counts[x] <= real.weights.size(), "sizes");
    if (predicted.size() != counts[x] || column + counts[x] > real.weights.size()) return;
    const auto first = real.weights.begin() + static_cast<std::ptrdiff_t>(column);
    std::vector<double> weights(first, first + static_cast<std::ptrdiff_t>(counts[x]));
    std::sort(weights.begin(), weights.end());
    for (std::size_t i = 0; i < weights.size(); ++i)
      judge.require(std::abs(weights[i] - predicted[i]) <= 1e-12 * predicted[i], "weights");
    column += counts[x];
  }
  judge.require(column == real.weights.size(), "sizes");
}

void check_forms(Judge& judge, const Forms& f) {
  const FactoredGapMaxIp& g = f.factored;
  std::vector<std::size_t> rows;
  for (const SymbolRows& set : *g.sets) rows.push_back(set.rows);
  for (const auto& tuple : conformance::all_tuples(rows)) {
    const std::int64_t accepting = inner_product(g, tuple);
    judge.require(!f.full || product_of(*f.full, tuple) == accepting, "boxes");
    judge.require(product_of(f.pruned, tuple) == accepting, "pruned");
    judge.require(std::abs(inner_product(f.real, tuple) - static_cast<double>(accepting)) <= f.real.rounding, "characters");
  }
  judge.require(f.real.rounding < 1e-6 * static_cast<double>(g.gap.yes_at_least - g.gap.no_at_most), "characters");
  judge.require(
      (!f.full || mpz_class(f.full->dimension) == boxes_dimension(g)) && mpz_class(f.pruned.dimension) == pruned_dimension(g),
      "sizes");
  check_weights(judge, g, f.real);
  const RunControl alone{1, nullptr, {}};
  const GapVerdict verdict = decide_gap(g, alone);
  const auto same = [&](const GapVerdict& other, const Gap& gap) {
    return other.side == verdict.side && other.row == verdict.row && other.witness == verdict.witness &&
           gap.yes_at_least == g.gap.yes_at_least && gap.no_at_most == g.gap.no_at_most;
  };
  judge.require(same(decide_gap(f.pruned, alone), f.pruned.gap) && same(decide_gap(f.real, alone), f.real.gap) &&
                    (!f.full || same(decide_gap(*f.full, alone), f.full->gap)),
                "decision");
}

double characters_cost(const MerlinArthur& protocol) {
  return static_cast<double>(protocol.coins()) *
         std::pow(static_cast<double>(protocol.code().field().size()), static_cast<double>(protocol.blocks() + 1));
}

/// A message by number: honest for one of the tuples, that is its best reply, or any.
mpz_class chosen_message(const OrthogonalVectorsToGapMaxIp& rule, const OrthogonalVectors& ov, std::uint64_t choice) {
  if (choice % 3 == 0) return mpz_class(choice / 3) % rule.protocol().messages();
  const auto tuples = conformance::all_tuples(rows_of(ov));
  const OrthogonalCensus census = enumerate_tuples(ov);
  return rule.best_reply(choice % 3 == 1 && census.first ? *census.first : tuples[choice / 3 % tuples.size()]);
}

Findings check(const FuzzCase& c, const std::string& name) {
  const OrthogonalVectors& ov = vectors_in(c);
  const auto protocol = std::make_shared<const MerlinArthur>(protocol_of(c.parameters));
  const auto rows = rows_of(ov);
  const auto size = static_cast<double>(protocol->code().field().size());
  const double table = std::pow(size, static_cast<double>(protocol->blocks())),
               all_boxes = std::pow(table, static_cast<double>(rows.size() - 1)) * static_cast<double>(protocol->coins());
  if (ov.dimension > protocol->universe() || std::find(rows.begin(), rows.end(), 0) != rows.end())
    throw NoCase("the vectors do not fit");
  if (characters_cost(*protocol) > kMostCharacters) throw NoCase("the gadgets are too large");
  const OrthogonalVectorsToGapMaxIp rule(ov, protocol);
  const Mutant& mutant = mutant_named(mutants(), name);
  Forms forms{rule.target(chosen_message(rule, ov, c.parameters.choice)), {}, {}, {}};
  FactoredGapMaxIp given = forms.factored;
  bool changed = mutant.before && mutant.before(given);
  const mpz_class most_bits = mpz_class(1) << 32;
  Judge judge;
  judge.guard([&] {
    if (all_boxes <= kMostBoxes) forms.full = boxes(given, false, most_bits);
    forms.pruned = boxes(given, true, most_bits);
    forms.real = characters(given, most_bits);
    if (mutant.after) changed = mutant.after(forms) || changed;
    check_forms(judge, forms);
  });
  return {judge.broken, enumerate_tuples(ov).orthogonal > 0, changed};
}

}  // namespace

FuzzedRule fuzz_gap_max_ip_forms() {
  FuzzedRule rule{"gap_max_ip_forms",
                  {"boxes", "pruned", "characters", "sizes", "weights", "decision", "throws"},
                  names_of(mutants()),
                  {},
                  check};
  rule.draw = [](Random& random, const Cnf* formula) {
    FuzzCase c{"gap_max_ip_forms", {}, {}};
    FuzzParameters& p = c.parameters;
    p.order = draw_order(random, 4);
    OrthogonalVectors ov =
        formula ? vectors_of_formula(*formula, p.order, kMostTuples) : draw_vectors(random, p.order, kMostTuples, 5);
    const std::size_t dimension = ov.dimension;
    c.source = std::move(ov);
    do {
      draw_protocol(random, p, dimension, mpz_class(1) << 200);
    } while (characters_cost(protocol_of(p)) > kMostCharacters);
    p.choice = random.word();
    return c;
  };
  return rule;
}

}  // namespace gapwright
