// SPDX-License-Identifier: MIT
#include "reductions/pipeline.hpp"

#include <algorithm>

namespace gapwright {
namespace {

std::vector<mpz_class> set_sizes(const SatToOrthogonalVectors& rule) {
  std::vector<mpz_class> sizes;
  for (std::size_t u = 0; u < rule.order(); ++u) sizes.push_back(rule.set_size(u));
  return sizes;
}

}  // namespace

SatToAttention::SatToAttention(const Cnf& cnf, std::size_t order, const DirectOptions& options)
    : to_vectors_(cnf, order), embedding_(direct_embedding(set_sizes(to_vectors_), to_vectors_.dimension(), options)) {}

Guarantee SatToAttention::guarantee() const {
  return {"SAT to k-OV [Wil05], then k-OV to attention, direct embedding", 1, embedding_.tensor_bits, embedding_.yes_at_least,
          embedding_.no_at_most};
}

BitAttention SatToAttention::target(const mpz_class& i, const RunControl& control) const {
  return embed(to_vectors_.target(i, control), embedding_, control);
}

std::pair<mpz_class, BitAttention::Witness> SatToAttention::push(const Cnf::Witness& assignment) const {
  auto [i, vectors] = to_vectors_.push(assignment);
  return {i, tuple_of_vectors(embedding_, vectors)};
}

Cnf::Witness SatToAttention::pull(const mpz_class& i, const BitAttention::Witness& tuple) const {
  return to_vectors_.pull(i, vectors_of_tuple(embedding_, tuple));
}

std::vector<LiftStep> SatToAttention::lift() const {
  std::vector<LiftStep> steps{lift_step(embedding_)};
  for (LiftStep& step : to_vectors_.lift()) steps.push_back(std::move(step));
  return steps;
}

static_assert(Reduction<SatToAttention>);

mpz_class decision_bytes(const DirectEmbedding& e) {
  const mpz_class words = (e.dimension + 63) / 64;
  const std::size_t groups = std::size_t{1} << (e.order() - 1);
  const auto block = [](const mpz_class& n) { return mpz_class((n + 511) / 512 * 512); };
  mpz_class rows =
      0;  // of vectors, attention bits, and every group's index (about four copies of its rows, at least a block of 512 for each set)
  for (const mpz_class& n : e.set_sizes) rows += n;
  const mpz_class extra = e.causal ? e.query_rows : mpz_class(0);
  rows += (e.query_rows + (e.causal ? e.key_slots() : mpz_class(0))) * (1 + 2 * mpz_class(groups));
  for (const mpz_class& n : e.data_keys)
    rows +=
        (n + 1 + extra) * 2 +
        mpz_class(groups) / 2 * (std::max(mpz_class(4 * n), block(n)) + std::max(mpz_class(4 * (1 + extra)), block(1 + extra)));
  return rows * words * 8;
}

mpz_class tensor_bytes(const DirectEmbedding& e) { return e.tensor_bits / 8; }

mpz_class decision_tuples(const DirectEmbedding& e) { return e.main_tuples * e.query_rows; }

mpz_class vector_bits(const DirectEmbedding& e) {
  mpz_class vectors = 0;
  for (const mpz_class& n : e.set_sizes) vectors += n;
  return vectors * e.vector_dimension;
}

}  // namespace gapwright
