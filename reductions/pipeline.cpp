#include "reductions/pipeline.hpp"

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

BitAttention SatToAttention::target(const mpz_class& i) const { return embed(to_vectors_.target(i), embedding_); }

std::pair<mpz_class, BitAttention::Witness> SatToAttention::push(const Cnf::Witness& assignment) const {
  auto [i, vectors] = to_vectors_.push(assignment);
  return {i, tuple_of_vectors(embedding_, vectors)};
}

Cnf::Witness SatToAttention::pull(const mpz_class& i, const BitAttention::Witness& tuple) const {
  return to_vectors_.pull(i, vectors_of_tuple(embedding_, tuple));
}

static_assert(Reduction<SatToAttention>);

}  // namespace gapwright
