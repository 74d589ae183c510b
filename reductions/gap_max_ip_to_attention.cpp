// SPDX-License-Identifier: MIT
// Gap-k-MaxIP to attention of order k (proofs in docs/reductions.md, section 6). Entries B = (d' gamma)^{1/k} with
// gamma = (ln Nmain + ln(1/delta)) / (t - s_no): Theta((log n)^{1/k}) once t - s_no is proportional to d'.
//
// "sharp" (default): d' = d + t. Query rows B (x, 1_t), data keys B (x, 0), one pad key B (0, 1_t) per key matrix; v = 1 on data, 0 on the pad.
// Data tuples weigh e^{gamma s}, mixed ones 1 (a pad's vector part is 0, a data key's pad part is 0), the tuple of all pads e^{gamma t}:
//     out_i = M_i / (M_i + e^{gamma t} + Xmix).
// Sharp is ours; [AS24] ask for Theta((log n)^{1/k}) only.
// "paper" (our reconstruction after [AS23]): d' = 2 d, n_u pads B (0, 1_d) in key matrix u: out_i = M_i / (M_i + Xmix + Npad e^{gamma d}).
//
// Centred (k = 2): keys B (2 y - 1) in place of B y, the pads' too. q . key = B^2 (2 <x, y> - |x|) over all d' coordinates, and the second term moves all
// scores of a row alike: gamma = 2 B^2 / d', B smaller by the square root of 2 (docs/reductions.md, Theorem R12).
//
// Yes maps to yes: a tuple with inner product >= t makes M_i >= e^{gamma t} (paper: + Nmain - 1, all other weights being at least 1).
// No maps to no: if all inner products are at most s_no then M_i <= Nmain e^{gamma s_no}, at most delta e^{gamma t}. out_i increases with M_i.
// With Y and Z for M at t and at s_no and P for the rest of the denominator, the thresholds are Y/(Y + P) > Z/(Z + P): they separate for every k.
//
// Size: (n_0 + sum_u (n_u + pads_u)) d' + sum_u (n_u + pads_u) floats of 64 bits, exactly.
// Example: k = 2, x_0 = {1}, x_1 = {1}, t = 1, s_no = 0, sharp: M = e^gamma, Xmix = 0, out = 1/2 = yes_at_least.
#include "reductions/gap_max_ip_to_attention.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "instances/zeros.hpp"
#include "reductions/delta.hpp"
#include "reductions/embedding_terms.hpp"
#include "reductions/real_bounds.hpp"

namespace gapwright {
namespace {

mpz_class pads_of(Embedding kind, const mpz_class& keys) { return kind == Embedding::sharp ? mpz_class(1) : keys; }

/// The same for "paper", divided by e^{gamma d}: the pads' total is Npad.
void set_paper_thresholds(GapEmbedding& e, const mpz_class& d) {
  const RealBounds yes = exp_bounds(e.gamma * (mpz_class(e.gap.yes_at_least) - d)),
                   no = exp_bounds(e.gamma * (mpz_class(e.gap.no_at_most) - d));
  const RealBounds one = exp_bounds(-e.gamma * d);
  const mpq_class main_yes = yes.lower + (e.main_tuples - 1) * one.lower;
  const mpq_class main_no = e.main_tuples * no.upper;
  e.yes_at_least = main_yes / (main_yes + e.mixed_tuples * one.upper + e.pad_tuples);
  e.no_at_most = main_no / (main_no + e.mixed_tuples * one.lower + e.pad_tuples);
}

/// Sets the scale, B, the double that is next above (d' wanted)^{1/k}, and gamma = B^k / d'. Up to 2^1000 coordinates the scale is the double next to
/// 1/d'. Beyond, nobody writes the vectors, and 1/d' itself is taken: the double is only what is shown, 0 where it underflows; and where B is beyond
/// doubles it is infinite and gamma is the wanted one, which is all that scores of the factored form depend on.
void set_entries(GapEmbedding& e, const mpq_class& wanted) {
  const std::size_t k = e.set_sizes.size(), bits = mpz_sizeinbase(e.dimension.get_mpz_t(), 2);
  const bool is_written = bits <= 1000;
  e.softmax_scale = bits <= 1023 ? 1.0 / e.dimension.get_d() : 0.0;
  const mpq_class scale = (is_written ? mpq_class(e.softmax_scale) : mpq_class(1, e.dimension)) * (e.centred ? 2 : 1);
  e.gamma = wanted;
  e.entry_bound = std::numeric_limits<double>::infinity();
  const mpq_class power = wanted / scale;
  if (power > 1 && mpz_sizeinbase(mpz_class(power).get_mpz_t(), 2) > 1000 * k) return;
  e.entry_bound = root_rounded_up(power, k, 53);
  e.gamma = scale;
  for (std::size_t u = 0; u < k; ++u) e.gamma *= mpq_class(e.entry_bound);
}

std::vector<mpz_class> sizes_of(const GapMaxIp& g) {
  std::vector<mpz_class> sizes;
  for (const BitMatrix& set : g.sets) sizes.emplace_back(set.rows);
  return sizes;
}

}  // namespace

void set_sharp_thresholds(GapEmbedding& e, const mpq_class& spread) {
  const mpq_class a = exp_bounds(-e.gamma * mpz_class(e.gap.yes_at_least - e.gap.no_at_most)).upper;
  const RealBounds b = exp_bounds(-e.gamma * mpz_class(e.gap.yes_at_least));
  const mpq_class yes_weight = 1 / spread, no_weight = e.main_tuples * a * spread;
  e.yes_at_least = yes_weight / (yes_weight + spread * (1 + e.mixed_tuples * b.upper));
  e.no_at_most = no_weight / (no_weight + (1 + e.mixed_tuples * b.lower) / spread);
}

void check_gap(const Gap& gap) {
  if (gap.no_at_most < 0 || gap.yes_at_least <= gap.no_at_most)
    throw std::invalid_argument("the gap needs 0 <= s_no < t, here s_no = " + std::to_string(gap.no_at_most) +
                                ", t = " + std::to_string(gap.yes_at_least));
}

mpq_class wanted_gamma(const mpz_class& main_tuples, const Gap& gap, const mpq_class& delta) {
  return log_bounds(mpq_class(main_tuples) / delta).upper / mpz_class(gap.yes_at_least - gap.no_at_most);
}

GapEmbedding gap_embedding(Embedding kind, std::vector<mpz_class> set_sizes, const mpz_class& vector_dimension, const Gap& gap,
                           const mpq_class& delta, bool centred) {
  if (set_sizes.size() < 2)
    throw std::invalid_argument("the order is " + std::to_string(set_sizes.size()) + "; attention needs k >= 2");
  check_gap(gap);
  check_delta(delta);
  if (kind == Embedding::direct) throw std::invalid_argument("the direct embedding is of k-OV; Gap-k-MaxIP takes sharp or paper");
  if (std::find(set_sizes.begin(), set_sizes.end(), 0) != set_sizes.end())
    throw std::invalid_argument("a set is empty: the answer is no");
  if (kind == Embedding::paper && vector_dimension == 0)
    throw std::invalid_argument(
        "the vectors have no coordinate, so d' = 2 d would be 0; all inner products are 0: take the sharp embedding");
  if (centred && set_sizes.size() != 2)
    throw std::invalid_argument("centred keys are for order 2, the order is " + std::to_string(set_sizes.size()));
  GapEmbedding e;
  e.kind = kind;
  e.centred = centred;
  e.gap = gap;
  e.delta = delta;
  e.set_sizes = std::move(set_sizes);
  e.main_tuples = e.pad_tuples = 1;
  mpz_class all = 1, key_rows = 0;
  for (std::size_t u = 1; u < e.set_sizes.size(); ++u) {
    const mpz_class pads = pads_of(kind, e.set_sizes[u]);
    e.main_tuples *= e.set_sizes[u];
    e.pad_tuples *= pads;
    all *= e.set_sizes[u] + pads;
    key_rows += e.set_sizes[u] + pads;
  }
  e.mixed_tuples = all - e.main_tuples - e.pad_tuples;
  e.dimension = kind == Embedding::sharp ? mpz_class(vector_dimension + gap.yes_at_least) : mpz_class(2 * vector_dimension);
  set_entries(e, wanted_gamma(e.main_tuples, gap, delta));
  if (kind == Embedding::sharp)
    set_sharp_thresholds(e);
  else
    set_paper_thresholds(e, vector_dimension);
  check_separated(e.yes_at_least, e.no_at_most, "paper: the weight of its pads, e^(gamma d), hides t; take embedding sharp");
  e.tensor_bits = 64 * ((e.set_sizes[0] + key_rows) * e.dimension + key_rows);
  return e;
}

GapMaxIpToAttention::GapMaxIpToAttention(const GapMaxIp& source, Embedding kind, bool centred, const mpq_class& delta)
    : source_(source),
      embedding_(gap_embedding(kind, sizes_of(source), mpz_class(source.dimension), source.gap, delta, centred)) {}

Guarantee GapMaxIpToAttention::guarantee() const {
  return {embedding_.kind == Embedding::sharp ? "Gap-k-MaxIP to attention, embedding sharp"
                                              : "Gap-k-MaxIP to attention [AS24], embedding paper",
          1, embedding_.tensor_bits, embedding_.yes_at_least, embedding_.no_at_most};
}

BitAttention GapMaxIpToAttention::target(const mpz_class& i, const RunControl& control) const {
  if (i != 0) throw std::invalid_argument("the embedding has the one target 0, not " + i.get_str());
  BitAttention a;
  a.terms = embedding_terms(embedding_, embedding_.kind, source_.made_by);
  a.sign = 1;
  a.centred = embedding_.centred;
  a.yes_inner_product = source_.gap.yes_at_least;
  const std::size_t dimension = embedding_.dimension.get_ui();
  const auto place = [](const BitMatrix& vectors, std::size_t row, BitMatrix& to) {
    std::copy_n(vectors.row(row).begin(), vectors.words_per_row, to.row(row).begin());
  };
  const auto set_pads = [&](BitMatrix& to, std::size_t row) {
    for (std::size_t c = source_.dimension; c < dimension; ++c) to.set(row, c);
  };
  const auto look = [&](std::size_t row) {
    if (row % 64 == 0) control.check();
  };
  a.queries = zero_bits(source_.sets[0].rows, dimension, control);
  for (std::size_t r = 0; r < a.queries.rows; ++r) {
    look(r);
    place(source_.sets[0], r, a.queries);
    set_pads(a.queries, r);
  }
  for (std::size_t u = 1; u < source_.sets.size(); ++u) {
    const BitMatrix& vectors = source_.sets[u];
    const std::size_t pads = pads_of(embedding_.kind, vectors.rows).get_ui();
    BitMatrix keys = zero_bits(vectors.rows + pads, dimension, control);
    for (std::size_t r = 0; r < keys.rows; ++r) {
      look(r);
      if (r < vectors.rows)
        place(vectors, r, keys);
      else
        set_pads(keys, r);
    }
    a.values.emplace_back(keys.rows, std::uint8_t{0});
    std::fill_n(a.values.back().begin(), vectors.rows, std::uint8_t{1});
    a.keys.push_back(std::move(keys));
  }
  return a;
}

std::pair<mpz_class, BitAttention::Witness> GapMaxIpToAttention::push(const GapMaxIp::Witness& tuple) const { return {0, tuple}; }

GapMaxIp::Witness GapMaxIpToAttention::pull(const mpz_class& i, const BitAttention::Witness& tuple) const {
  if (i != 0 || tuple.size() != source_.sets.size())
    throw std::invalid_argument("the witness is not a tuple of order " + std::to_string(source_.sets.size()));
  return tuple;
}

std::vector<LiftStep> GapMaxIpToAttention::lift() const {
  std::vector<std::size_t> rows;
  for (const BitMatrix& set : source_.sets) rows.push_back(set.rows);
  return {identity_lift("gap-max-ip -> attention", rows)};
}

static_assert(Reduction<GapMaxIpToAttention>);

FactoredAttention factored_attention(FactoredGapMaxIp instance, const mpq_class& delta) {
  std::vector<mpz_class> sizes;
  for (const SymbolRows& set : *instance.sets) sizes.emplace_back(set.rows);
  mpz_class boxes;
  mpz_ui_pow_ui(boxes.get_mpz_t(), instance.field.size, (sizes.size() - 1) * instance.blocks);
  const GapEmbedding e = gap_embedding(Embedding::sharp, std::move(sizes), boxes * instance.coins, instance.gap, delta);
  FactoredAttention attention;
  attention.terms = embedding_terms(e, e.kind, instance.made_by);
  attention.dimension = e.dimension;
  attention.gamma = e.gamma;
  attention.mixed_tuples = e.mixed_tuples;
  attention.gap_max_ip = std::move(instance);
  return attention;
}

}  // namespace gapwright
