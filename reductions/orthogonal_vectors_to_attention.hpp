// SPDX-License-Identifier: MIT
#pragma once
#include <vector>

#include "instances/attention.hpp"
#include "instances/orthogonal_vectors.hpp"
#include "reductions/delta.hpp"
#include "reductions/reduction.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// What the "direct" embedding builds from sets of given sizes, computed without building it.
struct DirectEmbedding {
  std::vector<mpz_class> set_sizes;    ///< n_0, ..., n_{k-1} of the k-OV instance
  mpz_class query_rows;                ///< n_0, or n' with `square`
  std::vector<mpz_class> data_keys;    ///< data rows of key matrix u; one pad row follows them
  bool centred = false;                ///< k = 2: keys are B and -B
  bool causal = false;                 ///< laid out for a causal mask: every matrix has causal_rows() rows
  mpz_class main_tuples;               ///< Nmain: data tuples per row
  mpz_class mixed_tuples;              ///< Xmix: tuples per row with both data and pad keys
  std::size_t vector_dimension = 0;    ///< d of the vectors (at least 1)
  std::size_t dimension = 0;           ///< d' of the attention input
  mpq_class delta;                     ///< NO rows stay below it
  double softmax_scale = 0;            ///< 1/d' as a double
  double entry_bound = 0;              ///< B
  mpq_class gamma;                     ///< B^k softmax_scale, twice that if centred, exactly
  mpq_class yes_at_least, no_at_most;  ///< of out_i[0]
  mpz_class tensor_bits;               ///< q, k_u, v_u as 64-bit floats

  std::size_t order() const { return set_sizes.size(); }
  mpz_class key_slots() const { return data_keys[0] + 1; }                ///< m, causal: data rows and the pad
  mpz_class causal_rows() const { return key_slots() + query_rows; }      ///< L = m + n_0
  mpz_class rows() const { return causal ? causal_rows() : query_rows; }  ///< of q
};

struct DirectOptions {
  mpq_class delta = forward_delta();
  bool square = false;        ///< repeat rows cyclically until all matrices have equally many
  bool centred = false;       ///< k = 2: keys B and -B in place of B and 0, and B smaller by the square root of 2
  bool causal = false;        ///< the same answer under a causal mask; data keys are repeated until all sets have equally many
  int significand_bits = 53;  ///< of the format that must hold B exactly: 53, 24 (f32), 11 (f16), 8 (bf16)
};

/// Throws std::invalid_argument for order < 2, an order whose mixed patterns do not fit (k > 24), centred beyond order 2, delta outside
/// (0, 1/4], or thresholds that as written would not separate.
DirectEmbedding direct_embedding(std::vector<mpz_class> set_sizes, std::size_t vector_dimension, const DirectOptions& = {});

/// The same embedding with another softmax scale and entry bound: gamma and both thresholds follow. Small bounds do not decide:
/// yes_at_least - no_at_most increases with gamma, and is positive from gamma > ln Nmain on (later, if causal). Nothing is refused here.
void set_entry_bound(DirectEmbedding&, double softmax_scale, double entry_bound);

/// The smallest number with so many significand bits that, as entry bound with this softmax scale, makes yes_at_least - no_at_most at
/// least `gap`. Throws std::invalid_argument unless 0 < gap < 1/2.
double smallest_deciding_bound(DirectEmbedding, double softmax_scale, const mpq_class& gap, int significand_bits);

/// The attention input itself. Its sets must have the sizes of the embedding.
BitAttention embed(const OrthogonalVectors&, const DirectEmbedding&, const RunControl& control = {});

/// A tuple of a row and keys as vectors of the k-OV instance, and back (queries of query slots). Throw std::invalid_argument for another order.
OrthogonalVectors::Witness vectors_of_tuple(const DirectEmbedding&, const BitAttention::Witness&);
BitAttention::Witness tuple_of_vectors(const DirectEmbedding&, const OrthogonalVectors::Witness&);

/// vectors_of_tuple as data: with `square` and `causal` rows are copies of vectors; pads are no witness.
LiftStep lift_step(const DirectEmbedding&);

/// k-OV to attention of order k with large entries, without a code ("direct"); any k >= 2. Measured quantity: max_i out_i[0].
class OrthogonalVectorsToAttention {
 public:
  using Source = OrthogonalVectors;
  using Target = BitAttention;

  /// The instance must be well formed and outlive the rule. Throws BadInstance when a set is empty (the answer is no).
  explicit OrthogonalVectorsToAttention(const OrthogonalVectors&, const DirectOptions& = {});

  const DirectEmbedding& embedding() const { return embedding_; }
  Guarantee guarantee() const;
  BitAttention target(const mpz_class& i, const RunControl& control = {}) const;
  std::pair<mpz_class, BitAttention::Witness> push(const OrthogonalVectors::Witness&) const;
  OrthogonalVectors::Witness pull(const mpz_class& i, const BitAttention::Witness&) const;
  std::vector<LiftStep> lift() const { return {lift_step(embedding_)}; }

 private:
  const OrthogonalVectors& ov_;
  DirectEmbedding embedding_;
};

}  // namespace gapwright
