// SPDX-License-Identifier: MIT
#pragma once
#include <string>
#include <vector>

#include "instances/attention.hpp"
#include "instances/gap_max_ip.hpp"
#include "instances/vocabulary.hpp"
#include "reductions/delta.hpp"
#include "reductions/reduction.hpp"
#include "support/run_control.hpp"

namespace gapwright {

/// What an embedding of Gap-k-MaxIP builds, computed without building it. Dimensions can be astronomical (boxes in factored form).
struct GapEmbedding {
  Embedding kind = Embedding::sharp;
  bool centred = false;  ///< k = 2: keys are B and -B
  Gap gap;
  mpq_class delta;                   ///< Nmain e^(-gamma (t - s_no)) is at most this, and NO rows stay below it
  std::vector<mpz_class> set_sizes;  ///< n_0, ..., n_{k-1}
  mpz_class main_tuples;             ///< Nmain
  mpz_class mixed_tuples;            ///< Xmix: tuples of data and pad keys
  mpz_class pad_tuples;              ///< Npad: 1 for sharp
  mpz_class dimension;               ///< d' of the attention input
  double softmax_scale = 0;          ///< 1/d'
  double entry_bound = 0;            ///< B
  mpq_class gamma;  ///< what multiplies the integer inner product in the exponent, exactly: B^k / d', centred 2 B^2 / d'
  mpq_class yes_at_least, no_at_most;  ///< of out_i[0]
  mpz_class tensor_bits;               ///< q, k_u, v_u as 64-bit floats
};

/// gamma (t - s_no) >= ln Nmain + ln(1/delta). `vector_dimension` is that of the Gap-k-MaxIP vectors. Throws std::invalid_argument when
/// the kind is direct, t <= s_no, s_no < 0, k < 2, centred beyond k = 2, delta is outside (0, 1/4], or the thresholds as written would not separate.
GapEmbedding gap_embedding(Embedding kind, std::vector<mpz_class> set_sizes, const mpz_class& vector_dimension, const Gap& gap,
                           const mpq_class& delta = forward_delta(), bool centred = false);

/// Throws std::invalid_argument unless 0 <= s_no < t.
void check_gap(const Gap& gap);

/// An upper bound of (ln Nmain + ln(1/delta)) / (t - s_no), close to it: gamma is at least this.
mpq_class wanted_gamma(const mpz_class& main_tuples, const Gap& gap, const mpq_class& delta);

/// The thresholds of "sharp" from gap, gamma, Nmain and Xmix, when every weight is off by a factor within 1/spread and spread.
void set_sharp_thresholds(GapEmbedding&, const mpq_class& spread = 1);

/// Gap-k-MaxIP (0/1 vectors) to attention of order k; any k >= 2. Measured quantity: max_i out_i[0].
class GapMaxIpToAttention {
 public:
  using Source = GapMaxIp;
  using Target = BitAttention;

  /// The instance must outlive the rule, with non-empty sets.
  explicit GapMaxIpToAttention(const GapMaxIp&, Embedding kind = Embedding::sharp, bool centred = false,
                               const mpq_class& delta = forward_delta());

  const GapEmbedding& embedding() const { return embedding_; }
  Guarantee guarantee() const;
  BitAttention target(const mpz_class& i, const RunControl& control = {}) const;
  std::pair<mpz_class, BitAttention::Witness> push(const GapMaxIp::Witness&) const;
  GapMaxIp::Witness pull(const mpz_class& i, const BitAttention::Witness&) const;
  std::vector<LiftStep> lift() const;

 private:
  const GapMaxIp& source_;
  GapEmbedding embedding_;
};

/// The factored form under "sharp": nothing is written out.
FactoredAttention factored_attention(FactoredGapMaxIp instance, const mpq_class& delta = forward_delta());

/// The same inner products, up to rounding, with coordinates scaled so that the largest entry of each set is 1 in absolute value and the weight
/// carries the rest. Coordinates that are 0 throughout some set are dropped.
RealGapMaxIp unit_columns(const RealGapMaxIp& instance, const RunControl& control = {});

/// d' of real_attention: copies of all coordinates and the pads, mu > 0.
mpz_class balanced_dimension(const RealGapMaxIp& instance, double mu);
/// And the bits of q, k_u, v_u as 64-bit floats.
mpz_class balanced_bits(const RealGapMaxIp& instance, double mu);

/// Real vectors ("characters") under "sharp", balanced by repetition: coordinate c appears ceil(weight_c / mu) times, pads of total weight t
/// ceil(t / mu) times, and B^k = gamma d' mu. mu <= 0 takes the mean weight. Entries must be in [-1, 1] (unit_columns). Thresholds allow for the
/// rounding of the entries. Throws LimitReached when the input would take more than `most_bits` bits.
struct RealAttention {
  Attention attention;
  mpq_class gamma;
  double mu = 0;
};
RealAttention real_attention(const RealGapMaxIp& instance, double mu = 0, const mpz_class& most_bits = mpz_class(1) << 38,
                             const mpq_class& delta = forward_delta(), const RunControl& control = {});

}  // namespace gapwright
