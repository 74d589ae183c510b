// SPDX-License-Identifier: MIT
#pragma once
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "reductions/sat_to_orthogonal_vectors.hpp"

namespace gapwright {

/// CNF to attention of order k through k-OV ("direct" route), composed by hand. Nothing is built before target().
class SatToAttention {
 public:
  using Source = Cnf;
  using Target = BitAttention;

  /// The formula must be well formed and outlive the rule.
  SatToAttention(const Cnf& cnf, std::size_t order, const DirectOptions& = {});

  const SatToOrthogonalVectors& to_vectors() const { return to_vectors_; }
  const DirectEmbedding& embedding() const { return embedding_; }
  Guarantee guarantee() const;
  BitAttention target(const mpz_class& i, const RunControl& control = {}) const;
  std::pair<mpz_class, BitAttention::Witness> push(const Cnf::Witness&) const;
  Cnf::Witness pull(const mpz_class& i, const BitAttention::Witness&) const;
  std::vector<LiftStep> lift() const;

 private:
  SatToOrthogonalVectors to_vectors_;
  DirectEmbedding embedding_;
};

/// Bytes of memory that deciding an embedded instance takes, from its sizes: vectors, attention bits, and the scoring indices.
mpz_class decision_bytes(const DirectEmbedding&);
/// Tuples that deciding it looks at if it skips none: those of all rows.
mpz_class decision_tuples(const DirectEmbedding&);
/// Bytes of its tensors as 64-bit floats.
mpz_class tensor_bytes(const DirectEmbedding&);
/// Bits of the vectors that it embeds.
mpz_class vector_bits(const DirectEmbedding&);

}  // namespace gapwright
