// Matched pairs for the regime (docs/explore.md, section 2).
//
// sharp, paper: Gap-k-MaxIP with t = ceil(7d/16), s_no = floor(6d/16). "planted": vectors of weight ceil(d/2); for d = 12 log2 n
// a union bound leaves n^k tuples below s_no (exponent of two sets of weight d/2 sharing 6d/16: 1 - H(3/4) = 0.189 bits a
// coordinate, so 12 * 0.189 > 2; more sets share less). direct: k-OV. "planted": bits of density 4^(-1/k), so a tuple is
// orthogonal with probability (3/4)^d, and 12 * 0.415 > k up to k = 4. The promise is not trusted: all tuples are counted, and a
// draw that breaks it is replaced by the next.
#include "explore/hard_pair.hpp"

#include <chrono>
#include <cmath>
#include <stdexcept>

#include "instances/errors.hpp"
#include "instances/matched_vectors.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "verify/attention_counts.hpp"

namespace gapwright {
namespace {

constexpr std::size_t kDraws = 20;

VectorPair draw(const PairRequest& r, const Gap& gap, std::size_t attempt) {
  const VectorPairShape shape{r.order, r.rows, r.dimension, r.seed, attempt};
  const auto t = static_cast<std::size_t>(gap.yes_at_least), s_no = static_cast<std::size_t>(gap.no_at_most);
  const bool direct = r.embedding == "direct";
  if (r.family == "tight") return direct ? tight_orthogonal(shape) : tight_max_inner_product(shape, t, s_no);
  if (direct) return planted_orthogonal(shape, std::pow(4.0, -1.0 / static_cast<double>(r.order)));
  return planted_max_inner_product(shape, (r.dimension + 1) / 2, t);
}

BitAttention embedded(const PairRequest& r, const Gap& gap, std::vector<BitMatrix> sets) {
  if (r.embedding == "direct") {
    const OrthogonalVectors vectors{r.dimension, std::move(sets), {}};
    return OrthogonalVectorsToAttention(vectors).target(0);
  }
  const GapMaxIp vectors{r.dimension, std::move(sets), gap, {}};
  return GapMaxIpToAttention(vectors, r.embedding == "paper" ? Embedding::paper : Embedding::sharp).target(0);
}

/// Inner products beyond the promise in the rows, the planted tuple's own t (or 0) not counted.
std::uint64_t breaches(const HardPair& pair, const std::vector<RowCounts>& rows, bool planted) {
  std::uint64_t count = 0;
  const bool direct = pair.request.embedding == "direct";
  for (const RowCounts& row : rows)
    for (std::size_t s = 0; s < row.main.size(); ++s)
      if (direct ? s == 0 : static_cast<std::int64_t>(s) > pair.gap.no_at_most) count += row.main[s];
  return count - (planted ? 1 : 0);
}

}  // namespace

std::size_t dimension_for(const std::string& embedding, double log2_rows, double per_log2) {
  const double step = embedding == "direct" ? 1 : 16;
  return static_cast<std::size_t>(step * std::max(1.0, std::ceil(per_log2 * log2_rows / step - 1e-9)));
}

Gap pair_gap(const std::string& embedding, std::size_t dimension) {
  if (embedding == "direct") return {1, 0};
  return {static_cast<std::int64_t>((7 * dimension + 15) / 16), static_cast<std::int64_t>(6 * dimension / 16)};
}

mpz_class pair_tuples(const PairRequest& r) {
  mpz_class tuples;
  mpz_ui_pow_ui(tuples.get_mpz_t(), r.rows, r.order);
  return tuples;
}

mpz_class pair_bytes(const PairRequest& r) {
  const mpz_class dimension = 2 * r.dimension + (mpz_class(1) << (r.order - 1));
  return mpz_class(r.rows) * dimension * (2 * 2 * 8 + 2 * r.order);  // counts of both instances, and the sets, indexed
}

void check_names(const std::string& embedding, const std::string& family) {
  if (embedding != "sharp" && embedding != "paper" && embedding != "direct")
    throw std::invalid_argument("unknown embedding '" + embedding + "'; there are sharp, paper and direct");
  if (family != "planted" && family != "tight")
    throw std::invalid_argument("unknown family '" + family + "'; there are planted and tight");
}

HardPair hard_pair(const PairRequest& request, const RunControl& control) {
  check_names(request.embedding, request.family);
  HardPair pair;
  pair.request = request;
  pair.gap = pair_gap(request.embedding, request.dimension);
  for (pair.attempts = 1; pair.attempts <= kDraws; ++pair.attempts) {
    VectorPair vectors = draw(request, pair.gap, pair.attempts - 1);
    pair.planted = vectors.tuple;
    pair.yes = embedded(request, pair.gap, std::move(vectors.yes));
    pair.no = embedded(request, pair.gap, std::move(vectors.no));
    const auto start = std::chrono::steady_clock::now();
    pair.counted = {request.order,
                    pair.yes.sign,
                    pair.yes.terms.softmax_scale,
                    pair.yes.queries.columns,
                    pair.planted.front(),
                    all_counts(pair.yes, 0, pair.yes.queries.rows, control),
                    all_counts(pair.no, 0, pair.no.queries.rows, control)};
    pair.count_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (breaches(pair, pair.counted.yes, true) == 0 && breaches(pair, pair.counted.no, false) == 0) return pair;
  }
  throw LimitReached("k = " + std::to_string(request.order) + ", n = " + std::to_string(request.rows) +
                     ", d = " + std::to_string(request.dimension) + ", " + request.embedding + ", " + request.family + ": " +
                     std::to_string(kDraws) +
                     " draws broke the promise; take a larger dimension (--per-log or --dimensions), or the family tight");
}

}  // namespace gapwright
