// SPDX-License-Identifier: MIT
// Matched pairs for the regime (docs/explore.md, section 2).
//
// sharp, paper: Gap-k-MaxIP with t = ceil(7d/16), s_no = floor(6d/16). "planted": vectors of weight ceil(d/2); for d = 12 log2 n
// a union bound leaves n^k tuples below s_no (exponent of two sets of weight d/2 sharing 6d/16: 1 - H(3/4) = 0.189 bits a
// coordinate, so 12 * 0.189 > 2; more sets share less). direct: k-OV. "planted": bits of density 4^(-1/k), so a tuple is
// orthogonal with probability (3/4)^d, and 12 * 0.415 > k up to k = 4. The promise is not trusted: all tuples are counted, and a
// draw that breaks it is replaced by the next.
//
// "ksat": a pair of formulas one literal apart (explore/formula_pair), split and listed. direct: their k-OV instances; the yes
// instance has as many orthogonal tuples as models. sharp: the k-OV instances through the protocol over the code of least B by
// boxes, honest Merlin against his best reply; counted in the factored form, built where written out it stays small.
#include "explore/regime/hard_pair.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include "explore/regime/code_pair.hpp"
#include "explore/regime/formula_pair.hpp"
#include "instances/generators/matched_vectors.hpp"
#include "reductions/gap_max_ip_forms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/errors.hpp"
#include "verify/attention_counts.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kDraws = 20;

VectorPair draw(const PairRequest& r, const Gap& gap, std::size_t attempt) {
  const VectorPairShape shape{r.order, r.rows, r.dimension, r.seed, attempt};
  const auto t = static_cast<std::size_t>(gap.yes_at_least), s_no = static_cast<std::size_t>(gap.no_at_most);
  const bool direct = r.embedding == Embedding::direct;
  if (r.family == PairFamily::tight) return direct ? tight_orthogonal(shape) : tight_max_inner_product(shape, t, s_no);
  if (direct) return planted_orthogonal(shape, std::pow(4.0, -1.0 / static_cast<double>(r.order)));
  return planted_max_inner_product(shape, (r.dimension + 1) / 2, t);
}

BitAttention embedded(const PairRequest& r, const Gap& gap, std::vector<BitMatrix> sets) {
  if (r.embedding == Embedding::direct) {
    const OrthogonalVectors vectors{sets.front().columns, std::move(sets), {}};
    return OrthogonalVectorsToAttention(vectors, {.delta = r.delta}).target(0);
  }
  const GapMaxIp vectors{sets.front().columns, std::move(sets), gap, {}};
  return GapMaxIpToAttention(vectors, r.embedding, false, r.delta).target(0);
}

/// Tuples of a row that a no instance has not: inner product 0 (direct), or above s_no.
std::uint64_t beyond(const HardPair& pair, const RowCounts& row) {
  if (pair.request.embedding == Embedding::direct) return row.main[0];
  std::uint64_t count = 0;
  for (auto s = static_cast<std::size_t>(pair.gap.no_at_most) + 1; s < row.main.size(); ++s) count += row.main[s];
  return count;
}

std::uint64_t beyond(const HardPair& pair, const std::vector<RowCounts>& rows) {
  std::uint64_t count = 0;
  for (const RowCounts& row : rows) count += beyond(pair, row);
  return count;
}

void count_rows(HardPair& pair, const RunControl& control) {
  const BitAttention& yes = pair.yes;
  pair.counted = {pair.request.order,
                  yes.sign,
                  yes.terms.softmax_scale,
                  yes.queries.columns,
                  pair.planted.front(),
                  all_counts(yes, 0, yes.queries.rows, control),
                  all_counts(pair.no, 0, pair.no.queries.rows, control),
                  {}};
  for (std::size_t i = 0; i < pair.counted.yes.size(); ++i)
    if (beyond(pair, pair.counted.yes[i]) > 0) pair.counted.witness_rows.push_back(i);
}

/// The pair's instances through the code of `plan`, in the factored form.
void through_code(HardPair& pair, const ListedPair& vectors, const PlanPoint& plan, const RunControl& control) {
  const PairRequest& r = pair.request;
  const CodePair code = code_pair(vectors.vectors, vectors.dimension, *plan.shape, control);
  pair.gap = plan.gap;
  pair.dimension = plan.dimension.get_ui();
  pair.built = written_bytes(r.order, r.rows, plan.dimension) <= kMostWrittenBytes;
  if (pair.built) {
    const mpz_class bits = mpz_class(kMostWrittenBytes);
    pair.yes = embedded(r, pair.gap, boxes(code.yes, false, bits).sets);
    pair.no = embedded(r, pair.gap, boxes(code.no, false, bits).sets);
  } else {
    pair.yes.terms = factored_attention(code.yes, r.delta).terms;
    pair.no.terms = pair.yes.terms;
  }
  pair.counted = counted_rows(code, pair.yes.terms.softmax_scale, control);
}

HardPair formulas(const PairRequest& r, const RunControl& control) {
  HardPair pair;
  pair.request = r;
  const std::size_t variables = formula_variables(r.order, r.rows);
  const FormulaPair formulas = formula_pair(variables, r.dimension, r.seed, control);
  ListedPair vectors = listed(formulas, r.order, control);
  pair.formula = {variables, r.dimension, formulas.formula_seed, vectors.models, {}};
  pair.attempts = formulas.draws;
  pair.planted = vectors.vectors.tuple;
  const auto start = std::chrono::steady_clock::now();
  if (r.embedding == Embedding::direct) {
    pair.gap = pair_gap(Embedding::direct, r.dimension);
    pair.yes = embedded(r, pair.gap, std::move(vectors.vectors.yes));
    pair.no = embedded(r, pair.gap, std::move(vectors.vectors.no));
    pair.dimension = pair.yes.queries.columns;
    count_rows(pair, control);
    for (const std::size_t i : pair.counted.witness_rows)  // the row that shows most
      if (pair.counted.yes[i].main[0] > pair.counted.yes[pair.counted.planted_row].main[0]) pair.counted.planted_row = i;
  } else {
    const PlanPoint plan = formula_plan(r.order, r.dimension);
    pair.formula->shape = plan.shape;
    through_code(pair, vectors, plan, control);
  }
  pair.count_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const std::uint64_t yes = beyond(pair, pair.counted.yes);
  if (yes == 0 || (r.embedding == Embedding::direct && yes != pair.formula->models) || beyond(pair, pair.counted.no) != 0)
    throw std::logic_error("formula " + std::to_string(formulas.formula_seed) + ": the counts break the reduction's promise");
  return pair;
}

}  // namespace

std::size_t dimension_for(Embedding embedding, double log2_rows, double per_log2) {
  const double step = embedding == Embedding::direct ? 1 : 16;
  return static_cast<std::size_t>(step * std::max(1.0, std::ceil(per_log2 * log2_rows / step - 1e-9)));
}

Gap pair_gap(Embedding embedding, std::size_t dimension) {
  if (embedding == Embedding::direct) return {1, 0};
  return {static_cast<std::int64_t>((7 * dimension + 15) / 16), static_cast<std::int64_t>(6 * dimension / 16)};
}

mpz_class pair_tuples(const PairRequest& r) {
  mpz_class tuples;
  mpz_ui_pow_ui(tuples.get_mpz_t(), r.rows, r.order);
  return tuples;
}

PlanPoint formula_plan(std::size_t order, std::size_t dimension) {
  Planner planner(order, kFormulaCodes);
  auto plan = least_boxes(planner, dimension);
  if (!plan)
    throw std::invalid_argument("no code fits " + std::to_string(dimension) + " clauses at order " + std::to_string(order) +
                                "; take fewer rows, or the embedding direct");
  return *plan;
}

std::size_t formula_variables(std::size_t order, std::size_t rows) {
  const auto bits = static_cast<std::size_t>(std::bit_width(rows) - 1);
  if (!std::has_single_bit(rows))
    throw std::invalid_argument("`rows` of the family ksat are powers of two, 2^(N/k) assignments a set: not " +
                                std::to_string(rows) + " but " + std::to_string(std::size_t{1} << bits) + " or " +
                                std::to_string(std::size_t{2} << bits));
  return order * bits;
}

mpz_class written_bytes(std::size_t order, std::size_t rows, const mpz_class& dimension) {
  return mpz_class(order) * (rows + 1) * dimension * 8;
}

mpz_class pair_bytes(const PairRequest& r) {
  if (r.family == PairFamily::ksat && r.embedding == Embedding::sharp) {
    const ProtocolShape shape = *formula_plan(r.order, r.dimension).shape;
    return mpz_class(r.rows) * shape.coins * (kBothCounts + 2 * r.order * shape.blocks);
  }
  const mpz_class dimension = 2 * r.dimension + (mpz_class(1) << (r.order - 1));
  return mpz_class(r.rows) * dimension * (kBothCounts + 2 * r.order);  // counts of both instances, and the sets, indexed
}

void check_goes_with(Embedding embedding, PairFamily family) {
  if (family == PairFamily::ksat && embedding == Embedding::paper)
    throw std::invalid_argument("the family ksat goes with the embeddings sharp and direct, not paper");
}

HardPair hard_pair(const PairRequest& request, const RunControl& control) {
  check_goes_with(request.embedding, request.family);
  if (request.family == PairFamily::ksat) return formulas(request, control);
  HardPair pair;
  pair.request = request;
  pair.gap = pair_gap(request.embedding, request.dimension);
  for (pair.attempts = 1; pair.attempts <= kDraws; ++pair.attempts) {
    VectorPair vectors = draw(request, pair.gap, pair.attempts - 1);
    pair.planted = vectors.tuple;
    pair.yes = embedded(request, pair.gap, std::move(vectors.yes));
    pair.no = embedded(request, pair.gap, std::move(vectors.no));
    pair.dimension = pair.yes.queries.columns;
    const auto start = std::chrono::steady_clock::now();
    count_rows(pair, control);
    pair.count_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (beyond(pair, pair.counted.yes) == 1 && beyond(pair, pair.counted.no) == 0) return pair;
  }
  throw LimitReached("k = " + std::to_string(request.order) + ", n = " + std::to_string(request.rows) +
                     ", d = " + std::to_string(request.dimension) + ", " + std::string(word_of(request.embedding)) + ", " +
                     std::string(word_of(request.family)) + ": " + std::to_string(kDraws) +
                     " draws broke the promise; take a larger dimension (`per_log` or `dimensions`), or the family tight");
}

}  // namespace gapwright
