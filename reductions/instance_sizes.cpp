// SPDX-License-Identifier: MIT
// Each law by its rule's guarantee: the same functions that the rules themselves build from, before anything is built. Two of the gadgets depend on the instance, and what is given there is a bound that nothing built
// passes, and says so: sizes and B from above, the YES threshold from below, the NO threshold from above.
//
// Pruned boxes keep at most L prod_{u >= 1} min(Q^T, n_u) coordinates (at a coin the messages of party u are at most its n_u rows);
// B grows with the dimension. Characters depend on the number z of coins outside the information set at which the message is 0:
// with W(z) the sum of all weights and pads and C(z) their number, mu = W/C the mean and copies ceil(w/mu) < w/mu + 1 of each,
// d' < W/mu + C = 2 C and d' mu < W + mu C = 2 W, and both are linear in z, so largest at z = 0 or at z = L - K (docs/reductions.md,
// section 7). gamma is at least what is wanted, so the thresholds of that gamma are the weakest.
#include "reductions/instance_sizes.hpp"

#include <algorithm>
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

using Exactness = InstanceSizes::Exactness;
constexpr std::size_t kLargestGroup =
    65'536;  // variables of one set: its 2^65,536 vectors are a number of 8 kB, and all sizes are powers of it
constexpr unsigned long kLargestPaperDimension = 4096;
constexpr unsigned long kDeepestExponent = 500'000;  // of the paper's thresholds e^(-gamma d)

mpz_class total(const std::vector<mpz_class>& sizes) {
  mpz_class sum = 0;
  for (const mpz_class& n : sizes) sum += n;
  return sum;
}

void take(InstanceSizes& stage, const GapEmbedding& e, const mpz_class& dimension) {
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

mpz_class product_of_keys(const InstanceSizes& stage) {
  mpz_class product = 1;
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) product *= stage.set_sizes[u];
  return product;
}

/// The paper's embedding where its thresholds, of the order e^(-gamma d), are too small to be of use, or depend on the dimension
/// that is built: sizes and B as in gap_embedding.
void embed_long_paper(InstanceSizes& stage, const mpz_class& dimension) {
  GapEmbedding e;
  e.kind = Embedding::paper;
  const mpq_class gamma = wanted_gamma(product_of_keys(stage), *stage.gap, stage.delta);
  e.entry_bound = root_rounded_up(gamma / mpq_class(1.0 / mpz_class(2 * dimension).get_d()), stage.set_sizes.size(), 53);
  take(stage, e, 2 * dimension);
}

/// The thresholds of "sharp" that no input with at least the wanted gamma falls short of. Without the mixed tuples the NO bound is
/// the largest for every gamma.
void take_weakest_thresholds(InstanceSizes& stage, GapEmbedding e, const mpq_class& spread) {
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
void embed_characters(InstanceSizes& stage) {
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

/// A yes and a no instance of this attention input must differ in their losses.
void check_losses(const InstanceSizes& stage) {
  const mpz_class& rows = stage.set_sizes[0];
  const bool known = stage.yes_at_least > 0;
  if (known ? losses_separate(stage.yes_at_least, stage.no_at_most, rows) : 16 * rows * stage.delta * stage.delta <= 1) return;
  throw std::invalid_argument("with delta = " + stage.delta.get_str() + " gradients decide nothing at " + rows.get_str() +
                              " rows: the losses of yes and no instances do not separate; delta at most " +
                              decimal_down(gradient_delta(rows), 7) + " does");
}

}  // namespace

void list_assignments(InstanceSizes& stage, const SizeStep& step) {
  Cnf cnf;
  cnf.variables = step.start.variables;
  const SatToOrthogonalVectors rule(cnf, step.start.order);
  stage.set_sizes.clear();
  for (std::size_t u = 0; u < step.start.order; ++u) stage.set_sizes.push_back(rule.set_size(u));
  stage.dimension = std::max<std::size_t>(step.start.clauses, 1);
  stage.bits = total(stage.set_sizes) * stage.dimension;
}

void embed_directly(InstanceSizes& stage, const SizeStep& step) {
  if (!stage.dimension.fits_ulong_p()) throw std::invalid_argument("the dimension is beyond 2^64");
  DirectOptions options;
  options.delta = stage.delta;
  options.centred = step.parameters.centred;
  const DirectEmbedding e = direct_embedding(stage.set_sizes, stage.dimension.get_ui(), options);
  for (std::size_t u = 1; u < stage.set_sizes.size(); ++u) stage.set_sizes[u] += 1;
  stage.dimension = e.dimension;
  stage.bits = e.tensor_bits;
  stage.entry_bound = e.entry_bound;
  stage.yes_at_least = e.yes_at_least;
  stage.no_at_most = e.no_at_most;
}

void run_protocol(InstanceSizes& stage, const SizeStep& step) {
  if (!stage.dimension.fits_ulong_p()) throw std::invalid_argument("the dimension is beyond 2^64");
  const ProtocolRequest request{step.parameters.family, stage.set_sizes.size(), stage.dimension.get_ui(), {}, {}, {}, {}};
  const std::vector<mpz_class>& sizes = stage.set_sizes;
  const ProtocolShape shape = choose_protocol(request, [&](const ProtocolShape& s) { return shape_cost(s, step.form, sizes); });
  stage.shape = shape;
  stage.gap = Gap{static_cast<std::int64_t>(shape.coins), static_cast<std::int64_t>(sizes.size() * shape.degree)};
  stage.instances *= power(shape.field_size, shape.message_symbols);
  stage.dimension = mpz_class(shape.coins) * shape.blocks;
  stage.bits = factored_bits(sizes, shape.coins, shape.blocks, shape.field_size);
}

void embed_gap(InstanceSizes& stage, const SizeStep& step) {
  const Embedding kind = step.parameters.embedding.value();
  const Form form = step.parameters.form.value();
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

void keep_if_losses_separate(InstanceSizes& stage, const SizeStep& step) {
  if (step.delta_known) check_losses(stage);
}

mpz_class vector_bits(const RouteStart& start) { return total(start.set_sizes) * start.dimension; }

void check_formula_sizes(const RouteStart& start) {
  if (start.order < 2 || start.variables / start.order <= kLargestGroup) return;
  throw LimitReached(std::to_string(start.variables) + " variables: at k = " + std::to_string(start.order) +
                     " the first set has 2^" + std::to_string((start.variables + start.order - 1) / start.order) +
                     " vectors; sizes are computed up to 2^" + std::to_string(kLargestGroup) +
                     "; take a larger order k or a smaller formula");
}

void check_vector_sizes(const RouteStart& start) {
  if (start.set_sizes.size() < 2)
    throw std::invalid_argument("the order is " + std::to_string(start.set_sizes.size()) + "; it is at least 2");
  for (const mpz_class& n : start.set_sizes)
    if (n <= 0) throw std::invalid_argument("a set is empty: the answer is no, and there is nothing to reduce");
}

void check_gap_sizes(const RouteStart& start) {
  check_vector_sizes(start);
  check_gap(start.gap);
  if (start.gap.yes_at_least > start.dimension)
    throw std::invalid_argument("t = " + std::to_string(start.gap.yes_at_least) + " is beyond the dimension " +
                                start.dimension.get_str() +
                                ": no inner product reaches it, so the answer is no, and there is nothing to reduce");
}

}  // namespace gapwright
