// SPDX-License-Identifier: MIT
// Sizes along a route of the atlas, each by the law of its rule's guarantee: the same functions that the rules themselves build
// from, before anything is built. Two of the gadgets depend on the instance, and what is given there is a bound that nothing built
// passes, and says so: sizes and B from above, the YES threshold from below, the NO threshold from above.
//
// Pruned boxes keep at most L prod_{u >= 1} min(Q^T, n_u) coordinates (at a coin the messages of party u are at most its n_u rows);
// B grows with the dimension. Characters depend on the number z of coins outside the information set at which the message is 0:
// with W(z) the sum of all weights and pads and C(z) their number, mu = W/C the mean and copies ceil(w/mu) < w/mu + 1 of each,
// d' < W/mu + C = 2 C and d' mu < W + mu C = 2 W, and both are linear in z, so largest at z = 0 or at z = L - K (docs/reductions.md,
// section 7). gamma is at least what is wanted, so the thresholds of that gamma are the weakest.
#include "atlas/route_sizes.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "reductions/character_numbers.hpp"
#include "reductions/delta.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_gap_max_ip.hpp"
#include "reductions/real_bounds.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"
#include "support/decimal.hpp"
#include "support/errors.hpp"
#include "support/powers.hpp"

namespace gapwright {
namespace {

using Exactness = RouteStage::Exactness;
constexpr std::size_t kLargestGroup =
    65'536;  // variables of one set: its 2^65,536 vectors are a number of 8 kB, and all sizes are powers of it
constexpr unsigned long kLargestPaperDimension = 4096;
constexpr unsigned long kDeepestExponent = 500'000;  // of the paper's thresholds e^(-gamma d)

mpz_class total(const std::vector<mpz_class>& sizes) {
  mpz_class sum = 0;
  for (const mpz_class& n : sizes) sum += n;
  return sum;
}

RouteStage first_stage(const std::string& problem, const RouteStart& start) {
  check_start(problem, start);
  RouteStage stage;
  stage.problem = problem;
  if (problem == "cnf") {
    stage.dimension = start.clauses;
    return stage;
  }
  stage.set_sizes = start.set_sizes;
  stage.dimension = start.dimension;
  stage.bits = total(start.set_sizes) * start.dimension;
  if (problem == "gap-max-ip") stage.gap = start.gap;
  return stage;
}

void list_assignments(RouteStage& stage, const RouteStart& start) {
  Cnf cnf;
  cnf.variables = start.variables;
  const SatToOrthogonalVectors rule(cnf, start.order);
  stage.set_sizes.clear();
  for (std::size_t u = 0; u < start.order; ++u) stage.set_sizes.push_back(rule.set_size(u));
  stage.dimension = std::max<std::size_t>(start.clauses, 1);
  stage.bits = total(stage.set_sizes) * stage.dimension;
}

void embed_directly(RouteStage& stage, bool centred) {
  if (!stage.dimension.fits_ulong_p()) throw std::invalid_argument("the dimension is beyond 2^64");
  DirectOptions options;
  options.delta = stage.delta;
  options.centred = centred;
  const DirectEmbedding e = direct_embedding(stage.set_sizes, stage.dimension.get_ui(), options);
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) stage.set_sizes[u] += 1;
  stage.dimension = e.dimension;
  stage.bits = e.tensor_bits;
  stage.entry_bound = e.entry_bound;
  stage.yes_at_least = e.yes_at_least;
  stage.no_at_most = e.no_at_most;
}

/// The form whose cost chooses the code: that of the gadget which follows.
Form form_after(const Route& route, std::size_t position) {
  if (position + 1 >= route.size()) return Form::factored;
  return rules()[route[position + 1]].parameters.form.value();
}

void run_protocol(RouteStage& stage, const CodeFamily& code, Form form) {
  if (!stage.dimension.fits_ulong_p()) throw std::invalid_argument("the dimension is beyond 2^64");
  const ProtocolRequest request{&code, stage.set_sizes.size(), stage.dimension.get_ui(), {}, {}, {}, {}};
  const std::vector<mpz_class>& sizes = stage.set_sizes;
  const ProtocolShape shape = choose_protocol(request, [&](const ProtocolShape& s) { return shape_cost(s, form, sizes); });
  stage.shape = shape;
  stage.gap = Gap{static_cast<std::int64_t>(shape.coins), static_cast<std::int64_t>(sizes.size() * shape.degree)};
  stage.instances *= power(shape.field_size, shape.message_symbols);
  stage.dimension = mpz_class(shape.coins) * shape.blocks;
  stage.bits = factored_bits(sizes, shape.coins, shape.blocks, shape.field_size);
}

void take(RouteStage& stage, const GapEmbedding& e, const mpz_class& dimension) {
  mpz_class keys = 0;
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) {
    stage.set_sizes[u] = e.kind == Embedding::sharp ? mpz_class(stage.set_sizes[u] + 1) : mpz_class(2 * stage.set_sizes[u]);
    keys += stage.set_sizes[u];
  }
  stage.dimension = dimension;
  stage.bits = 64 * ((stage.set_sizes[0] + keys) * dimension + keys);
  stage.entry_bound = e.entry_bound;
  stage.yes_at_least = e.yes_at_least;
  stage.no_at_most = e.no_at_most;
}

mpz_class product_of_keys(const RouteStage& stage) {
  mpz_class product = 1;
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) product *= stage.set_sizes[u];
  return product;
}

/// The paper's embedding where its thresholds, of the order e^(-gamma d), are too small to be of use, or depend on the dimension
/// that is built: sizes and B as in gap_embedding.
void embed_long_paper(RouteStage& stage, const mpz_class& dimension) {
  GapEmbedding e;
  e.kind = Embedding::paper;
  const mpq_class gamma = wanted_gamma(product_of_keys(stage), *stage.gap, stage.delta);
  e.entry_bound = root_rounded_up(gamma / mpq_class(1.0 / mpz_class(2 * dimension).get_d()), stage.set_sizes.size(), 53);
  take(stage, e, 2 * dimension);
}

/// The thresholds of "sharp" that no input with at least the wanted gamma falls short of. Without the mixed tuples the NO bound is
/// the largest for every gamma.
void take_weakest_thresholds(RouteStage& stage, GapEmbedding e, const mpq_class& spread) {
  e.gamma = wanted_gamma(e.main_tuples, e.gap, e.delta);
  set_sharp_thresholds(e, spread);
  stage.yes_at_least = e.yes_at_least;
  e.mixed_tuples = 0;
  set_sharp_thresholds(e, spread);
  stage.no_at_most = e.no_at_most;
  stage.exactness = Exactness::at_most;
}

/// An upper bound of the sum of the weights, close to it.
mpq_class weight_bound(const std::vector<WeightClass>& classes, const mpq_class& unit) {
  mpz_class units = 0;
  for (const WeightClass& c : classes) units += c.coordinates * repetitions(c.weight_squared, unit);
  return units * unit;
}

/// The characters gadget, balanced by repetition with the mean weight, under any message.
void embed_characters(RouteStage& stage) {
  const ProtocolShape& s = *stage.shape;
  const std::size_t k = stage.set_sizes.size();
  const auto nonzero = character_weights(CoinKind::nonzero, s.field_size, s.blocks, k),
             zero = character_weights(CoinKind::zero, s.field_size, s.blocks, k);
  const mpq_class unit(1, power(2, 64 + s.blocks * mpz_sizeinbase(mpz_class(s.field_size).get_mpz_t(), 2)));
  const mpz_class systematic = s.block_length * power(2, s.blocks), others = s.coins - s.block_length;
  const mpq_class weight = systematic + s.coins + others * std::max(weight_bound(nonzero, unit), weight_bound(zero, unit));
  const mpz_class count = systematic + 1 + others * std::max(coordinate_count(nonzero), coordinate_count(zero));
  const mpz_class dimension = 2 * count;
  const GapEmbedding e = gap_embedding(Embedding::sharp, stage.set_sizes, dimension - s.coins, *stage.gap, stage.delta);
  take(stage, e, dimension);
  const mpq_class rounding(1, 1 << 20);  // of mu, gamma and B, in doubles
  stage.entry_bound = root_rounded_up(e.gamma * 2 * weight * (1 + rounding), k, 53);
  const mpq_class off =
      e.gamma * weight * mpz_class(64 * k) / power(2, 53);  // of the scores: gadget, copies and B (real_attention.cpp)
  take_weakest_thresholds(stage, e, exp_bounds(std::min(off, mpq_class(1000))).upper);
  if (!separated_as_written(stage.yes_at_least, stage.no_at_most)) stage.yes_at_least = stage.no_at_most = 0;
}

void embed_gap(RouteStage& stage, const Rule& rule) {
  const Embedding kind = rule.parameters.embedding.value();
  const Form form = rule.parameters.form.value();
  mpz_class dimension = stage.dimension;
  bool pruned = false;
  if (stage.shape) {
    if (form == Form::characters) return embed_characters(stage);
    const ProtocolShape& s = *stage.shape;
    pruned = form == Form::pruned;
    const mpz_class messages = power(s.field_size, s.blocks);
    dimension = s.coins;
    for (std::size_t u = 1; u < stage.set_sizes.size(); ++u)
      dimension *= pruned ? std::min(messages, stage.set_sizes[u]) : messages;
  } else if (form != Form::full) {
    throw std::invalid_argument("the instance has its vectors already; gadgets come with a code");
  }
  if (mpz_sizeinbase(dimension.get_mpz_t(), 2) > 1000)
    throw std::invalid_argument("the vectors have more than 2^1000 coordinates; a double cannot hold the softmax scale");
  const mpq_class depth = wanted_gamma(product_of_keys(stage), *stage.gap, stage.delta) * dimension;
  if (kind == Embedding::paper && (pruned || depth > kDeepestExponent || dimension > kLargestPaperDimension)) {
    embed_long_paper(stage, dimension);
    if (pruned) stage.exactness = Exactness::at_most;
    return;
  }
  const GapEmbedding e = gap_embedding(kind, stage.set_sizes, dimension, *stage.gap, stage.delta);
  take(stage, e, e.dimension);
  if (pruned) take_weakest_thresholds(stage, e, 1);
}

/// A yes and a no instance of this attention input must differ in their losses.
void check_losses(const RouteStage& stage) {
  const mpz_class& rows = stage.set_sizes[0];
  const bool known = stage.yes_at_least > 0;
  if (known ? losses_separate(stage.yes_at_least, stage.no_at_most, rows) : 16 * rows * stage.delta * stage.delta <= 1) return;
  throw std::invalid_argument("with delta = " + stage.delta.get_str() + " gradients decide nothing at " + rows.get_str() +
                              " rows: the losses of yes and no instances do not separate; delta at most " +
                              decimal_down(gradient_delta(rows), 7) + " does");
}

/// A rule on its way: what it makes of the stage before it.
struct Step {
  const Rule& rule;
  const RouteStart& start;
  std::optional<Form> form;  ///< that chooses the code
  bool delta_known;          ///< of the embedding: it was made on this route
};

struct SizeLaw {
  const char* rule;
  void (*apply)(RouteStage&, const Step&);
};
const SizeLaw& size_law(const Rule& rule) {
  static constexpr SizeLaw kLaws[] = {
      {"sat_to_orthogonal_vectors", [](RouteStage& stage, const Step& step) { list_assignments(stage, step.start); }},
      {"orthogonal_vectors_to_attention",
       [](RouteStage& stage, const Step& step) { embed_directly(stage, step.rule.parameters.centred); }},
      {"orthogonal_vectors_to_gap_max_ip",
       [](RouteStage& stage, const Step& step) { run_protocol(stage, *step.rule.parameters.family, step.form.value()); }},
      {"gap_max_ip_to_attention", [](RouteStage& stage, const Step& step) { embed_gap(stage, step.rule); }},
      {"attention_to_gradient",
       [](RouteStage& stage, const Step& step) {
         if (step.delta_known) check_losses(stage);
       }},
  };
  const auto found = std::ranges::find(kLaws, rule.name, &SizeLaw::rule);
  if (found == std::end(kLaws)) throw std::logic_error("no size law for the rule " + rule.name);
  return *found;
}

}  // namespace

void check_start(const std::string& problem, const RouteStart& start) {
  if (problem == "cnf") {
    if (start.order >= 2 && start.variables / start.order > kLargestGroup)
      throw LimitReached(std::to_string(start.variables) + " variables: at k = " + std::to_string(start.order) +
                         " the first set has 2^" + std::to_string((start.variables + start.order - 1) / start.order) +
                         " vectors; sizes are computed up to 2^" + std::to_string(kLargestGroup) +
                         "; take a larger order k or a smaller formula");
    return;
  }
  if (start.set_sizes.size() < 2)
    throw std::invalid_argument("the order is " + std::to_string(start.set_sizes.size()) + "; it is at least 2");
  for (const mpz_class& n : start.set_sizes)
    if (n <= 0) throw std::invalid_argument("a set is empty: the answer is no, and there is nothing to reduce");
  if (problem != "gap-max-ip") return;
  check_gap(start.gap);
  if (start.gap.yes_at_least > start.dimension)
    throw std::invalid_argument("t = " + std::to_string(start.gap.yes_at_least) + " is beyond the dimension " +
                                start.dimension.get_str() +
                                ": no inner product reaches it, so the answer is no, and there is nothing to reduce");
}

std::vector<RouteStage> route_sizes(const Route& route, const RouteStart& start) {
  if (route.empty()) throw std::invalid_argument("the route has no rule");
  std::vector<RouteStage> stages{first_stage(rules()[route[0]].source, start)};
  const bool for_gradients = rules()[route.back()].target == "attention-gradient";
  for (std::size_t i = 0; i < route.size(); ++i) {
    const Rule& rule = rules()[route[i]];
    RouteStage stage = stages.back();
    stage.rule = route[i];
    stage.problem = rule.target;
    if (rule.target == "attention") stage.delta = chosen_delta(start.delta, for_gradients, stage.set_sizes[0]);
    const std::optional<Form> form = rule.parameters.family ? std::optional(form_after(route, i)) : std::nullopt;
    size_law(rule).apply(stage, {rule, start, form, stages.back().delta > 0});
    stages.push_back(std::move(stage));
  }
  return stages;
}

std::vector<std::size_t> smallest(const std::vector<std::vector<RouteStage>>& sized) {
  const auto no_worse = [](const RouteStage& a, const RouteStage& b) {
    return a.instances <= b.instances && a.bits <= b.bits && a.entry_bound <= b.entry_bound;
  };
  std::vector<std::size_t> front;
  for (std::size_t i = 0; i < sized.size(); ++i) {
    bool beaten = false;
    for (std::size_t j = 0; j < sized.size() && !beaten; ++j)
      beaten = j != i && no_worse(sized[j].back(), sized[i].back()) && (j < i || !no_worse(sized[i].back(), sized[j].back()));
    if (!beaten) front.push_back(i);
  }
  return front;
}

ImpliedExponent implied_exponent(std::size_t order, const mpq_class& saving, std::size_t variables) {
  if (order < 2) throw std::invalid_argument("the order is at least 2");
  if (saving < 0 || saving >= 1) throw std::invalid_argument("the saving is at least 0 and below 1");
  ImpliedExponent exponent{order * (1 - saving), 0};
  if (variables > 0) exponent.finite = (1 - saving) * mpq_class(mpz_class(variables), mpz_class((variables + order - 1) / order));
  exponent.asymptotic.canonicalize();
  exponent.finite.canonicalize();
  return exponent;
}

}  // namespace gapwright
