// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "attention/exact.hpp"
#include "instances/attention.hpp"
#include "instances/files/safetensors.hpp"
#include "instances/generators/matched_twins.hpp"
#include "reductions/orthogonal_vectors_to_attention.hpp"
#include "support/run_control.hpp"

// The instances of a challenge: matched hard pairs over a ladder of entry bounds, and Gaussian controls (docs/challenge.md).
namespace gapwright {

/// What multiplies the k-linear sum in the exponent; d is the dimension without padding.
struct SoftmaxScale {
  enum Kind { one_over_d, one_over_root_d, given } kind = one_over_d;
  double value = 0;  ///< of `given`
};

struct ChallengeShape {
  std::size_t order = 2;
  std::size_t rows = 256;         ///< of every matrix; causal: one half key slots, the other query slots
  std::size_t dimension = 0;      ///< d of the vectors; 0: matched_dimension
  bool causal = false;            ///< outputs are meant under a causal mask: row i sees the tuples with all j_u <= i
  std::size_t pad_dimension = 0;  ///< zero columns appended to q, keys and values up to this; 0: none
  SoftmaxScale scale;
  Dtype entry_dtype = Dtype::f64;  ///< every entry is a number of this type
  std::uint64_t seed = 1;
};

/// 256 for order 2, 64 for 3, 24 for 4, 12 beyond.
std::size_t default_rows(std::size_t order);
/// Of every instance.
inline constexpr std::size_t kLeastChallengeRows = 8;

/// The smallest deciding entry bound is the least at which the thresholds are so far apart: an error of half of it never decides
/// wrongly.
inline const mpq_class kDecidingGap{1, 64};

/// One entry bound of the ladder, a multiple of the smallest deciding one (rounded up to the entry type).
struct LadderPoint {
  double multiple = 0, entry_bound = 0, gamma = 0;
  mpq_class yes_at_least, no_at_most;  ///< of out_i[0]; below the threshold they may cross
  bool below_threshold = false;        ///< nearer than kDecidingGap: reported, not counted
  DirectEmbedding embedding;
};

/// What an algorithm is given, and the truth about it.
struct ChallengeInstance {
  Attention attention;
  bool causal = false;
  bool hard = false;             ///< else a Gaussian control
  bool answer = false;           ///< yes
  bool answer_certified = true;  ///< false for hard instances below the threshold, whose outputs need not show the k-OV answer
  double middle = 0;             ///< decision: yes iff max_i out_i[0] is larger
  Matrix truth;                  ///< n x d_v
  double truth_radius = 0;       ///< every entry of truth is right within it: balls for hard instances, a-posteriori for controls

  /// Plain softmax in this arithmetic, under the mask if causal; computed once.
  const Matrix& naive(Arithmetic arithmetic, const RunControl& control) const;

 private:
  mutable std::map<Arithmetic, Matrix> naive_;
};

struct ChallengePair {
  ChallengeInstance yes, no;
};

class ChallengeInstances {
 public:
  /// Throws std::invalid_argument, with the number and the remedy: too few rows, a padded dimension that is too small.
  explicit ChallengeInstances(const ChallengeShape&);

  const ChallengeShape& shape() const { return shape_; }
  std::size_t dimension() const { return embedding_.dimension; }  ///< without padding
  double smallest_bound() const { return smallest_bound_; }
  double scale() const { return scale_; }
  /// Throws std::invalid_argument for entries, or inner products before scaling (sums of d products of k entries), beyond the
  /// type; halves are taken to be summed in f32.
  LadderPoint point(double multiple) const;

  /// Hard twins, certified: the k-OV instances have exactly one orthogonal tuple and none, by counting all; above the threshold
  /// the outputs in balls show the same. A failed certificate is our bug: std::logic_error.
  ChallengePair hard_pair(const LadderPoint&, std::uint64_t number, const RunControl&) const;
  /// One of them.
  ChallengeInstance hard_twin(const LadderPoint&, std::uint64_t number, bool answer, const RunControl&) const;

  /// Gaussian q and keys of the Frobenius norms of a hard instance; values near a level on the right side of the middle, so that
  /// any weighted mean of values decides.
  ChallengePair control_pair(const LadderPoint&, std::uint64_t number, const RunControl&) const;

  /// A NO instance for measuring time, without the truth.
  Attention timing_instance(const LadderPoint&, std::uint64_t number) const;

 private:
  MatchedVectors certified_vectors(std::uint64_t number, const RunControl&) const;
  ChallengeInstance hard_instance(const OrthogonalVectors&, bool answer, const LadderPoint&, const RunControl&) const;
  ChallengeInstance control_instance(const Attention& like, bool answer, const LadderPoint&, std::uint64_t stream,
                                     const RunControl&) const;
  Attention plain_instance(const LadderPoint&, std::uint64_t number) const;
  Attention dressed(Attention) const;

  ChallengeShape shape_;
  DirectEmbedding embedding_;
  double scale_ = 0, smallest_bound_ = 0;
};

}  // namespace gapwright
