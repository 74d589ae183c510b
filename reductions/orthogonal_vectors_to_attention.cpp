// SPDX-License-Identifier: MIT
// k-OV to attention of order k: the "direct" embedding (proof in docs/reductions.md, section 2). No code is used, so the
// entries are B = (d' gamma)^{1/k} with d' of the order of log n: Theta((log n)^{2/k}).
//
// Queries -B (x, 1..1), data keys B (x, bits), one pad key B (0, bits) per key matrix. Besides the d coordinates of the vectors there
// is one coordinate per mixed pattern P of data and pad over the key matrices (2^{k-1} - 2 of them); a key row has bit 1 there iff P
// names its own kind. So a tuple of data keys scores -gamma <x_0, ..., x_{k-1}>, a mixed tuple exactly -gamma (its own pattern's
// coordinate and no other), and the tuple of all pads 0. With v = 1 on data and 0 on pads,
//     out_i = M_i / (M_i + 1 + Xmix e^{-gamma}),   M_i = sum over data tuples of e^{-gamma <...>},
// which increases with M_i.
//
// Yes maps to yes: an orthogonal tuple makes M_i >= 1, so out_i >= 1/(2 + Xmix e^{-gamma}).
// No maps to no: if no tuple of row i is orthogonal then M_i <= Nmain e^{-gamma}, and gamma >= ln Nmain + ln(1/delta) makes that at
// most delta, so out_i < delta. Both thresholds are recomputed from the B that is written, with e^{-gamma} rounded up.
//
// Size: d' = d + 2^{k-1} - 2; (n_0 + sum_u (n_u + 1)) d' + sum_u (n_u + 1) floats of 64 bits, exactly.
// With `square` rows are repeated cyclically, in the query set too, until all matrices have n' rows; Nmain and all that follows is
// recomputed. Repeating never adds a zero row: a zero query sees uniform attention and would read as YES.
//
// With `causal` every matrix has L = m + n_0 rows, m = n + 1 key slots (the pad first, then n data keys), then n_0 query slots, and row i sees
// the tuples with all j_u <= i. There are k - 1 more coordinates e_1, ..., e_{k-1}, 1 in every query: the key rows of query slots ("extra") are 1 in all
// of them and 0 elsewhere, the rows of key slots in matrix u are 1 in all but e_u. So a tuple with s >= 1 extra rows scores exactly -s gamma; extra
// values are 0. The query rows of key slots repeat the queries; they see fewer data keys and the pad. A query that sees x extra slots has
//     out_i = M_i / (M_i + 1 + Xmix e^{-gamma} + Z(x)),   Z(x) = (m + x e^{-gamma})^{k-1} - m^{k-1},
// x at most n_0, with or without the mask: the YES threshold is 1/(2 + Xmix e^{-gamma} + Z(n_0)); the NO threshold does not change (row m - 1 sees x = 0).
// n_0 may be much larger than m: gamma >= ln(1/delta) + ln max(Nmain, n_0 m^{k-2}) keeps Z(n_0) below (k - 1) delta e^{delta/4}, and the thresholds
// apart wherever delta (1 + (k - 1) delta e^{delta/4}) < 1, in particular for all delta <= 1/16 (docs/challenge.md, Theorem E7).
//
// With `centred` (k = 2) the keys are B (2 y - 1) in place of B y. Then q . key = -B^2 (2 <x, y> - |x|) over all d' coordinates, and -B^2 |x| moves
// all scores of a row alike: outputs are those of gamma = 2 B^2 softmax_scale, and B is smaller by the square root of 2 (docs/reductions.md, Theorem R12).
//
// Example: k = 2, x_0 = {1}, x_1 = {0}: Nmain = 1, Xmix = 0, gamma >= ln 16, the only row has M = 1 and out = 1/2 = yes_at_least.
#include "reductions/orthogonal_vectors_to_attention.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <stdexcept>

#include "instances/zeros.hpp"
#include "reductions/embedding_terms.hpp"
#include "reductions/real_bounds.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kLargestOrder = 24;
constexpr std::size_t kRowsBetweenLooks = 64;  // at the clock

mpz_class product(const std::vector<mpz_class>& factors, int plus) {
  mpz_class result = 1;
  for (const mpz_class& factor : factors) result *= factor + plus;
  return result;
}

std::vector<mpz_class> sizes_of(const OrthogonalVectors& ov) {
  std::vector<mpz_class> sizes;
  for (std::size_t u = 0; u < ov.sets.size(); ++u) {
    if (ov.sets[u].rows == 0)
      throw BadInstance("set x" + std::to_string(u) + " is empty: the answer is no, and there is no attention input to build");
    sizes.emplace_back(ov.sets[u].rows);
  }
  return sizes;
}

void copy_row(const BitMatrix& from, std::size_t from_row, BitMatrix& to, std::size_t to_row) {
  std::copy_n(from.row(from_row).begin(), from.words_per_row, to.row(to_row).begin());
}

/// What gamma must exceed by ln(1/delta): the data tuples of a NO row, and the query slots that a causal YES row may see.
mpz_class tuples_to_outweigh(const DirectEmbedding& e) {
  if (!e.causal) return e.main_tuples;
  mpz_class extra = e.query_rows;
  for (std::size_t u = 2; u < e.order(); ++u) extra *= e.key_slots();
  return std::max(e.main_tuples, extra);
}

/// Which vector of set 0 the query of a row is, and which data key, counted from 0 before repetition, the key of a row.
std::size_t query_of_row(const DirectEmbedding& e, std::size_t row) {
  const std::size_t queries = e.set_sizes[0].get_ui();
  const std::size_t before = e.causal ? e.key_slots().get_ui() % queries : 0;
  return (row + queries - before) % queries;
}
std::size_t data_of_row(const DirectEmbedding& e, std::size_t row) { return e.causal ? row - 1 : row; }

}  // namespace

DirectEmbedding direct_embedding(std::vector<mpz_class> set_sizes, std::size_t vector_dimension, const DirectOptions& options) {
  const std::size_t k = set_sizes.size();
  if (k < 2) throw std::invalid_argument("the order is " + std::to_string(k) + "; attention needs k >= 2");
  if (k > kLargestOrder)
    throw std::invalid_argument(
        "the order is " + std::to_string(k) +
        "; the direct embedding adds 2^(k-1) - 2 coordinates and stops at k = " + std::to_string(kLargestOrder));
  if (options.centred && k != 2)
    throw std::invalid_argument(
        "centred keys are for order 2: beyond, the shift of the scores depends on the other keys (the order is " +
        std::to_string(k) + ")");
  check_delta(options.delta);
  DirectEmbedding e;
  e.query_rows = set_sizes[0];
  e.data_keys.assign(set_sizes.begin() + 1, set_sizes.end());
  if (options.square) {
    mpz_class side = set_sizes[0];
    for (const mpz_class& keys : e.data_keys) side = std::max(side, mpz_class(keys + 1));
    e.query_rows = side;
    for (mpz_class& keys : e.data_keys) keys = side - 1;
  }
  e.centred = options.centred;
  e.causal = options.causal;
  if (options.causal)
    std::fill(e.data_keys.begin(), e.data_keys.end(), mpz_class(*std::max_element(e.data_keys.begin(), e.data_keys.end())));
  e.set_sizes = std::move(set_sizes);
  e.main_tuples = product(e.data_keys, 0);
  e.mixed_tuples = product(e.data_keys, 1) - e.main_tuples - 1;
  e.vector_dimension = std::max<std::size_t>(vector_dimension, 1);
  e.dimension = e.vector_dimension + (std::size_t{1} << (k - 1)) - 2 + (e.causal ? k - 1 : 0);
  e.delta = options.delta;
  e.softmax_scale = 1.0 / static_cast<double>(e.dimension);
  const mpq_class wanted_gamma = log_bounds(mpq_class(tuples_to_outweigh(e)) / options.delta).upper;
  e.entry_bound = root_rounded_up(wanted_gamma / mpq_class(e.softmax_scale) / (e.centred ? 2 : 1), k, options.significand_bits);
  if (options.significand_bits == 11 && e.entry_bound > 65504)
    throw std::invalid_argument("the entry bound " + std::to_string(e.entry_bound) +
                                " is beyond f16 (65504); use bf16, f32 or f64");
  set_entry_bound(e, e.softmax_scale, e.entry_bound);
  check_separated(e.yes_at_least, e.no_at_most, "take a smaller delta, at most 1/16");
  mpz_class key_rows = 0;
  for (const mpz_class& keys : e.data_keys) key_rows += keys + 1;
  if (e.causal)
    e.tensor_bits = 64 * (e.causal_rows() * e.dimension * static_cast<unsigned long>(k) +
                          e.causal_rows() * static_cast<unsigned long>(k - 1));
  else
    e.tensor_bits = 64 * ((e.query_rows + key_rows) * e.dimension + key_rows);
  return e;
}

void set_entry_bound(DirectEmbedding& e, double softmax_scale, double entry_bound) {
  e.softmax_scale = softmax_scale;
  e.entry_bound = entry_bound;
  e.gamma = mpq_class(softmax_scale) * (e.centred ? 2 : 1);
  for (std::size_t u = 0; u < e.order(); ++u) e.gamma *= mpq_class(entry_bound);
  const mpq_class decay = exp_bounds(-e.gamma).upper;
  const mpq_class no_weight = e.main_tuples * decay;
  const mpq_class mixed_weight = e.mixed_tuples * decay;
  mpq_class extra_weight = 0;
  if (e.causal) {
    mpq_class with_extra = 1, without = 1;
    for (std::size_t u = 1; u < e.order(); ++u) {
      with_extra *= e.key_slots() + e.query_rows * decay;
      without *= e.key_slots();
    }
    extra_weight = with_extra - without;
  }
  e.yes_at_least = 1 / (2 + mixed_weight + extra_weight);
  e.no_at_most = no_weight / (no_weight + 1 + mixed_weight);
}

double smallest_deciding_bound(DirectEmbedding e, double softmax_scale, const mpq_class& gap, int significand_bits) {
  if (gap <= 0 || gap >= mpq_class(1, 2)) throw std::invalid_argument("a gap between outputs lies between 0 and 1/2");
  const auto decides = [&](double bound) {
    set_entry_bound(e, softmax_scale, bound);
    return e.yes_at_least - e.no_at_most >= gap;
  };
  // Representable numbers in order: the bits of positive doubles are, and so are those cut to the significand.
  const auto number = [&](std::uint64_t place) { return std::bit_cast<double>(place << (53 - significand_bits)); };
  const auto place = [&](double x) { return std::bit_cast<std::uint64_t>(x) >> (53 - significand_bits); };
  double enough = 1;
  while (!decides(enough)) enough *= 2;
  std::uint64_t above = place(enough), below = 0;
  while (above - below > 1) {
    const std::uint64_t middle = below + (above - below) / 2;
    (decides(number(middle)) ? above : below) = middle;
  }
  return number(above);
}

namespace {

BitMatrix queries_of(const BitMatrix& vectors, const DirectEmbedding& e, const RunControl& control) {
  const std::size_t key_slots = e.causal ? e.key_slots().get_ui() : 0;  // with `causal` the queries come after them
  BitMatrix queries = zero_bits(key_slots + e.query_rows.get_ui(), e.dimension, control);
  for (std::size_t i = 0; i < queries.rows; ++i) {
    if (i % kRowsBetweenLooks == 0) control.check();
    copy_row(vectors, query_of_row(e, i), queries, i);
    for (std::size_t c = e.vector_dimension; c < e.dimension; ++c) queries.set(i, c);
  }
  return queries;
}

/// Key matrix u, of a.queries.rows keys with `causal`, and its values.
void add_keys(BitAttention& a, const BitMatrix& vectors, std::size_t u, const DirectEmbedding& e, const RunControl& control) {
  const std::size_t first_pattern = e.vector_dimension, patterns = (std::size_t{1} << (e.order() - 1)) - 2;
  const std::size_t data = e.data_keys[u - 1].get_ui(), pad_row = e.causal ? 0 : data;
  BitMatrix keys = zero_bits(e.causal ? a.queries.rows : data + 1, e.dimension, control);
  std::vector<std::uint8_t> values(keys.rows, std::uint8_t{1});
  for (std::size_t j = 0; j < keys.rows; ++j) {
    if (j % kRowsBetweenLooks == 0) control.check();
    const bool extra = j > data, pad = j == pad_row;
    values[j] = extra || pad ? 0 : 1;
    if (!extra && !pad) copy_row(vectors, data_of_row(e, j) % vectors.rows, keys, j);  // whole words, so first
    for (std::size_t c = first_pattern + patterns; c < e.dimension; ++c)
      keys.set(j, c, extra || c - first_pattern - patterns != u - 1);
    if (extra) continue;
    for (std::size_t pattern = 1; pattern <= patterns; ++pattern)  // bit u - 1 set: key matrix u shows its pad
      keys.set(j, first_pattern + pattern - 1, ((pattern >> (u - 1)) & 1) == (pad ? 1 : 0));
  }
  a.keys.push_back(std::move(keys));
  a.values.push_back(std::move(values));
}

}  // namespace

BitAttention embed(const OrthogonalVectors& ov, const DirectEmbedding& e, const RunControl& control) {
  BitAttention a;
  a.terms = embedding_terms(e, Embedding::direct, ov.made_by);
  a.sign = -1;
  a.centred = e.centred;
  a.yes_inner_product = 0;
  a.queries = queries_of(ov.sets[0], e, control);
  for (std::size_t u = 1; u < e.order(); ++u) add_keys(a, ov.sets[u], u, e, control);
  return a;
}

OrthogonalVectors::Witness vectors_of_tuple(const DirectEmbedding& e, const BitAttention::Witness& tuple) {
  if (tuple.size() != e.order()) throw std::invalid_argument("the witness is not a tuple of order " + std::to_string(e.order()));
  OrthogonalVectors::Witness source(tuple);
  source[0] = query_of_row(e, tuple[0]);
  for (std::size_t u = 1; u < source.size(); ++u) source[u] = data_of_row(e, tuple[u]) % e.set_sizes[u].get_ui();
  return source;
}

BitAttention::Witness tuple_of_vectors(const DirectEmbedding& e, const OrthogonalVectors::Witness& vectors) {
  BitAttention::Witness tuple(vectors);
  if (!e.causal || tuple.size() != e.order()) return tuple;
  tuple[0] += e.key_slots().get_ui();
  for (std::size_t u = 1; u < tuple.size(); ++u) tuple[u] += 1;
  return tuple;
}

LiftStep lift_step(const DirectEmbedding& e) {
  LiftStep step{"orthogonal-vectors -> attention", LiftStep::Kind::rows, {e.query_rows.get_ui()}, {}, {}, {}};
  for (const mpz_class& keys : e.data_keys) step.rows.push_back(keys.get_ui());
  for (const mpz_class& size : e.set_sizes) step.sizes.push_back(size.get_ui());
  if (e.causal) {  // any row is a query, row 0 of the keys is the pad
    const std::uint64_t slots = e.key_slots().get_ui(), queries = step.sizes[0];
    step.rows[0] = e.causal_rows().get_ui();
    step.first.assign(step.rows.size(), 1);
    step.first[0] = 0;
    step.shift.push_back(queries - slots % queries);
    for (std::size_t u = 1; u < step.sizes.size(); ++u) step.shift.push_back(step.sizes[u] - 1);
  }
  return step;
}

OrthogonalVectorsToAttention::OrthogonalVectorsToAttention(const OrthogonalVectors& ov, const DirectOptions& options)
    : ov_(ov), embedding_(direct_embedding(sizes_of(ov), ov.dimension, options)) {}

Guarantee OrthogonalVectorsToAttention::guarantee() const {
  return {"k-OV to attention, direct embedding: orthogonal iff max_i out_i >= yes_at_least, else all out_i <= no_at_most", 1,
          embedding_.tensor_bits, embedding_.yes_at_least, embedding_.no_at_most};
}

BitAttention OrthogonalVectorsToAttention::target(const mpz_class& i, const RunControl& control) const {
  if (i != 0) throw std::invalid_argument("the direct embedding has the one target 0, not " + i.get_str());
  return embed(ov_, embedding_, control);
}

std::pair<mpz_class, BitAttention::Witness> OrthogonalVectorsToAttention::push(const OrthogonalVectors::Witness& tuple) const {
  return {0, tuple_of_vectors(embedding_, tuple)};
}

OrthogonalVectors::Witness OrthogonalVectorsToAttention::pull(const mpz_class& i, const BitAttention::Witness& tuple) const {
  if (i != 0) throw std::invalid_argument("the direct embedding has the one target 0, not " + i.get_str());
  return vectors_of_tuple(embedding_, tuple);
}

static_assert(Reduction<OrthogonalVectorsToAttention>);

}  // namespace gapwright
