// SPDX-License-Identifier: MIT
// Instances of a challenge (docs/challenge.md). A hard pair is the direct embedding of matched k-OV twins
// (instances/matched_twins) at a given entry bound. Above the smallest deciding bound the certified outputs of YES and NO lie
// on either side of the middle of the gap, at least 1/128 away: an algorithm whose outputs are within 1/128 scores 1, and one
// that says the same of every input scores exactly 1/2.
#include "explore/challenge/challenge_instances.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "instances/entries.hpp"
#include "instances/files/narrow.hpp"
#include "instances/generators/normal_entries.hpp"
#include "support/philox.hpp"
#include "verify/attention_counts.hpp"
#include "verify/orthogonal_tuples.hpp"
#include "verify/row_outputs.hpp"

namespace gapwright {
namespace {

constexpr std::uint64_t kMostAttempts = 128;
constexpr long kTruthPrecision = 128;
constexpr std::uint64_t kControlStreams = std::uint64_t{1} << 62;

/// The first `rows` rows.
BitMatrix cut(const BitMatrix& m, std::size_t rows) {
  BitMatrix part(rows, m.columns);
  std::copy_n(m.words.begin(), part.words.size(), part.words.begin());
  return part;
}

/// Row i alone, with the keys it sees under a causal mask.
BitAttention seen_by(const BitAttention& a, std::size_t i) {
  BitAttention part;
  part.terms = a.terms;
  part.sign = a.sign;
  part.centred = a.centred;
  part.queries = BitMatrix(1, a.queries.columns);
  std::ranges::copy(a.queries.row(i), part.queries.row(0).begin());
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    part.keys.push_back(cut(a.keys[u], i + 1));
    part.values.emplace_back(a.values[u].begin(), a.values[u].begin() + static_cast<std::ptrdiff_t>(i + 1));
  }
  return part;
}

ExactAttention exact(const Attention& a, bool causal, Arithmetic arithmetic, const RunControl& control) {
  const RunControl quiet{control.threads, control.stop, {}};
  if (!causal) return exact_attention(a, arithmetic, quiet);
  Attention masked = a;
  masked.terms.causal = true;
  return exact_attention(masked, arithmetic, quiet);
}

std::vector<RowCounts> counts_of(const BitAttention& a, bool causal, const RunControl& control) {
  const RunControl quiet{control.threads, control.stop, {}};
  if (!causal) return all_counts(a, 0, a.queries.rows, quiet);
  std::vector<RowCounts> rows;
  for (std::size_t i = 0; i < a.queries.rows; ++i) rows.push_back(all_counts(seen_by(a, i), 0, 1, quiet).front());
  return rows;
}

double frobenius(const Matrix& m) {
  double sum = 0;
  for (const double x : m.entries) sum += x * x;
  return std::sqrt(sum);
}

/// Normal entries, scaled to a Frobenius norm, rounded to the type.
Matrix gaussian(std::size_t rows, std::size_t columns, double norm, Dtype dtype, Random& random) {
  Matrix m = normal_entries(rows, columns, random);
  const double factor = norm / frobenius(m);
  for (double& x : m.entries) x = rounded_to(dtype, x * factor);
  return m;
}

/// n, the rows of every k-OV set: with the pad, and repeated queries, they fill the matrices.
std::size_t vectors_of(const ChallengeShape& shape) { return (shape.causal ? shape.rows / 2 : shape.rows) - 1; }

double rounded_up(double x, int bits) {
  int exponent = 0;
  const double significand = std::frexp(x, &exponent);
  return std::ldexp(std::ceil(std::ldexp(significand, bits)), exponent - bits);
}

}  // namespace

const Matrix& ChallengeInstance::naive(Arithmetic arithmetic, const RunControl& control) const {
  auto found = naive_.find(arithmetic);
  if (found == naive_.end()) found = naive_.emplace(arithmetic, exact(attention, causal, arithmetic, control).out).first;
  return found->second;
}

std::size_t default_rows(std::size_t order) { return order == 2 ? 256 : order == 3 ? 64 : order == 4 ? 24 : 12; }

ChallengeInstances::ChallengeInstances(const ChallengeShape& shape) : shape_(shape) {
  if (shape.order < 2 || shape.order > 12)
    throw std::invalid_argument("`order=" + std::to_string(shape.order) + "`: a challenge has order 2 to 12");
  if (shape.rows < kLeastChallengeRows)
    throw std::invalid_argument("`rows=" + std::to_string(shape.rows) + "`: a challenge needs at least " +
                                std::to_string(kLeastChallengeRows) + " rows");
  if (shape.causal && shape.rows % 2 != 0)
    throw std::invalid_argument(
        "`rows=" + std::to_string(shape.rows) +
        "`: with `causal` one half of the rows are key slots, the other query slots; take an even number");
  if (shape_.dimension == 0) shape_.dimension = matched_dimension(shape.order, vectors_of(shape));
  DirectOptions options;
  options.square = true;
  options.causal = shape.causal;
  embedding_ = direct_embedding(std::vector<mpz_class>(shape.order, vectors_of(shape)), shape_.dimension, options);
  if (shape.pad_dimension != 0 && shape.pad_dimension < embedding_.dimension)
    throw std::invalid_argument("`pad_dimension=" + std::to_string(shape.pad_dimension) + "`: the instances have dimension " +
                                std::to_string(embedding_.dimension) + "; pad to at least that, or take fewer `rows`");
  const auto d = static_cast<double>(embedding_.dimension);
  scale_ = shape.scale.kind == SoftmaxScale::one_over_d        ? 1 / d
           : shape.scale.kind == SoftmaxScale::one_over_root_d ? 1 / std::sqrt(d)
                                                               : shape.scale.value;
  if (!std::isfinite(scale_) || !(scale_ > 0))
    throw std::invalid_argument("`softmax_scale` must be a positive number, 1/d or 1/sqrt(d)");
  if (scale_ < 1e-290 || scale_ > 1e290)
    throw std::invalid_argument(fmt::format("`softmax_scale={:g}` is out of reach of doubles; take one nearer to 1/d", scale_));
  smallest_bound_ = smallest_deciding_bound(embedding_, scale_, kDecidingGap, significand_bits(shape.entry_dtype));
}

LadderPoint ChallengeInstances::point(double multiple) const {
  if (!std::isfinite(multiple) || !(multiple > 0))
    throw std::invalid_argument("a ladder holds positive multiples of the smallest deciding entry bound");
  LadderPoint point;
  point.multiple = multiple;
  point.entry_bound = rounded_up(multiple * smallest_bound_, significand_bits(shape_.entry_dtype));
  const auto out_of = [&](const char* what, double size, const char* remedy) {
    return std::invalid_argument(fmt::format("the entry bound {:.6g}: {} {:.3g}, {}", point.entry_bound, what, size, remedy));
  };
  const bool f64 = shape_.entry_dtype == Dtype::f64, f16 = shape_.entry_dtype == Dtype::f16;
  if (f16 && (point.entry_bound > 65504 || point.entry_bound < 0x1p-14))
    throw out_of("entries of", point.entry_bound, "which is beyond f16; use bf16, f32 or f64, or another `softmax_scale`");
  const double most = f64 ? std::numeric_limits<double>::max() : std::numeric_limits<float>::max(),
               least = f64 ? std::numeric_limits<double>::min() : std::numeric_limits<float>::min(),
               product = std::pow(point.entry_bound, static_cast<double>(shape_.order)),
               sum = product * static_cast<double>(embedding_.dimension);
  if (!(sum < most))
    throw out_of("inner products before scaling reach", sum,
                 "which overflows; use a `softmax_scale` nearer to 1/d, smaller multiples, or f64");
  if (!(product > least))
    throw out_of("products of entries before scaling are", product,
                 "which underflows; use a `softmax_scale` nearer to 1/d, larger multiples, or f64");
  point.embedding = embedding_;
  set_entry_bound(point.embedding, scale_, point.entry_bound);
  point.gamma = point.embedding.gamma.get_d();
  point.yes_at_least = point.embedding.yes_at_least;
  point.no_at_most = point.embedding.no_at_most;
  point.below_threshold = point.yes_at_least - point.no_at_most < kDecidingGap;
  return point;
}

MatchedVectors ChallengeInstances::certified_vectors(std::uint64_t number, const RunControl& control) const {
  const RunControl quiet{control.threads, control.stop, {}};
  MatchedShape shape{shape_.order, vectors_of(shape_), shape_.dimension, shape_.seed, number, 0};
  for (; shape.attempt < kMostAttempts; ++shape.attempt) {
    MatchedVectors pair = matched_vectors(shape);
    if (count_orthogonal_tuples(pair.no, quiet) == 0 && count_orthogonal_tuples(pair.yes, quiet) == 1) return pair;
  }
  throw std::invalid_argument("no matched pair with " + std::to_string(shape_.rows) + " rows in dimension " +
                              std::to_string(shape_.dimension) + "; take fewer rows or a larger dimension");
}

/// Padded; entries stay what they are.
Attention ChallengeInstances::dressed(Attention a) const {
  if (shape_.pad_dimension == 0) return a;
  a.q = with_columns(a.q, shape_.pad_dimension);
  for (Matrix& keys : a.keys) keys = with_columns(keys, shape_.pad_dimension);
  for (Matrix& values : a.values) values = with_columns(values, shape_.pad_dimension);
  return a;
}

ChallengeInstance ChallengeInstances::hard_instance(const OrthogonalVectors& ov, bool answer, const LadderPoint& point,
                                                    const RunControl& control) const {
  const BitAttention bits = embed(ov, point.embedding);
  ChallengeInstance instance;
  instance.hard = true;
  instance.answer = answer;
  instance.causal = shape_.causal;
  instance.attention = dressed(written_out(bits));
  instance.attention.terms.yes_at_least.reset();
  instance.attention.terms.no_at_most.reset();
  const mpq_class middle = (point.yes_at_least + point.no_at_most) / 2;
  instance.middle = middle.get_d();
  instance.truth = Matrix(bits.queries.rows, instance.attention.values[0].columns);
  const RowOutputs outputs(score_weight(bits), bits.sign, bits.queries.columns);
  bool some_yes = false, all_no = true;
  const auto rows = counts_of(bits, shape_.causal, control);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const RowOutputs::Output out = outputs.output(rows[i], kTruthPrecision);
    const mpq_class lo = lower(out.lo), hi = upper(out.hi);
    some_yes |= lo > middle;
    all_no &= hi < middle;
    const double x = instance.truth.at(i, 0) = mpq_class((lo + hi) / 2).get_d();
    const mpq_class off = std::max(mpq_class(hi - mpq_class(x)), mpq_class(mpq_class(x) - lo));
    instance.truth_radius = std::max(instance.truth_radius, std::nextafter(off.get_d(), 1.0));
  }
  instance.answer_certified = !point.below_threshold;
  if (instance.answer_certified && (answer ? !some_yes : !all_no))
    throw std::logic_error("a hard instance whose outputs contradict its k-OV answer");
  return instance;
}

ChallengePair ChallengeInstances::hard_pair(const LadderPoint& point, std::uint64_t number, const RunControl& control) const {
  const MatchedVectors vectors = certified_vectors(number, control);
  return {hard_instance(vectors.yes, true, point, control), hard_instance(vectors.no, false, point, control)};
}

ChallengeInstance ChallengeInstances::hard_twin(const LadderPoint& point, std::uint64_t number, bool answer,
                                                const RunControl& control) const {
  const MatchedVectors vectors = certified_vectors(number, control);
  return hard_instance(answer ? vectors.yes : vectors.no, answer, point, control);
}

ChallengeInstance ChallengeInstances::control_instance(const Attention& like, bool answer, const LadderPoint& point,
                                                       std::uint64_t stream, const RunControl& control) const {
  ChallengeInstance instance;
  instance.answer = answer;
  instance.causal = shape_.causal;
  const mpq_class middle = (point.yes_at_least + point.no_at_most) / 2;
  instance.middle = middle.get_d();
  Random random(shape_.seed, kControlStreams + stream);
  Attention a;
  a.terms.softmax_scale = scale_;
  a.q = gaussian(like.q.rows, like.q.columns, frobenius(like.q), shape_.entry_dtype, random);
  // Products of k - 1 values lie in [lo, hi] times the middle: 1/4 to 1/2, or 3/2 to 7/4.
  const double root = 1.0 / static_cast<double>(shape_.order - 1);
  const double lo = std::pow(instance.middle * (answer ? 1.5 : 0.25), root),
               hi = std::pow(instance.middle * (answer ? 1.75 : 0.5), root);
  for (const Matrix& keys : like.keys) {
    a.keys.push_back(gaussian(keys.rows, keys.columns, frobenius(keys), shape_.entry_dtype, random));
    Matrix values(keys.rows, 1);
    for (double& v : values.entries) v = rounded_to(shape_.entry_dtype, lo + (hi - lo) * random.unit());
    a.values.push_back(std::move(values));
  }
  a.terms.entry_bound = largest_entry(a);
  instance.attention = dressed(std::move(a));
  ExactAttention reference = exact(instance.attention, shape_.causal, Arithmetic::f64, control);
  instance.truth = std::move(reference.out);
  instance.truth_radius = *std::ranges::max_element(reference.row_error);
  double largest = 0;
  for (std::size_t i = 0; i < instance.truth.rows; ++i) largest = std::max(largest, instance.truth.at(i, 0));
  if (answer ? largest - instance.truth_radius <= instance.middle : largest + instance.truth_radius >= instance.middle)
    throw std::logic_error("a control whose outputs contradict its answer");
  return instance;
}

ChallengePair ChallengeInstances::control_pair(const LadderPoint& point, std::uint64_t number, const RunControl& control) const {
  const Attention like = plain_instance(point, number);
  return {control_instance(like, true, point, 2 * number, control),
          control_instance(like, false, point, 2 * number + 1, control)};
}

Attention ChallengeInstances::timing_instance(const LadderPoint& point, std::uint64_t number) const {
  return dressed(plain_instance(point, number));
}

Attention ChallengeInstances::plain_instance(const LadderPoint& point, std::uint64_t number) const {
  const MatchedShape shape{shape_.order, vectors_of(shape_), shape_.dimension, shape_.seed, number, 0};
  return written_out(embed(matched_vectors(shape).no, point.embedding));
}

}  // namespace gapwright
