// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <vector>

#include "explore/regime/hard_pair.hpp"

// From which B on the rows of a pair are apart.
namespace gapwright {

/// Certified bounds at one B: the planted row's output, and the largest output of all rows of both instances that hold no yes
/// tuple.
struct RowGap {
  mpq_class yes_lo, yes_hi, no_lo, no_hi;
  mpq_class lo() const { return yes_lo - no_hi; }
  mpq_class hi() const { return yes_hi - no_lo; }
  mpq_class middle() const { return (yes_lo + no_hi) / 2; }
};

/// What counts as visible. additive: yes - no >= target. relative (for "paper", whose outputs are n^-O(1)):
/// yes - no >= target * yes. loss: yes^2/2 of the planted row minus the no instance's loss 1/2 sum out^2 is at least target
/// (the gradient's gap).
enum class GapKind { additive, relative, loss };

/// gap(lo) < target <= gap(hi), both certified, and (in doubles, on a grid) no smaller B reaches the target.
struct BoundaryBracket {
  double lo = 0, hi = 0;
};

/// The outputs of a counted pair at any B.
class PairOutputs {
 public:
  /// The rows must outlive it.
  explicit PairOutputs(const CountedRows& rows);

  RowGap gap(double entry_bound) const;
  /// Certified lower and upper bound of yes^2/2 - loss of the no instance.
  std::pair<mpq_class, mpq_class> loss_gap(double entry_bound) const;
  /// Certified outputs of all rows as the nearest doubles, and the largest distance to what they stand for.
  struct All {
    std::vector<double> yes, no;
    double error = 0;
  };
  All all(double entry_bound) const;

  /// Smallest B with the gap, looked for up to `most`; nothing when it is not reached.
  std::optional<BoundaryBracket> boundary(GapKind kind, double target, double most) const;

  /// Inner products that occur in any tuple, pads included: scores are sign * gamma * these.
  std::size_t least_product() const { return least_; }
  std::size_t largest_product() const { return largest_; }

 private:
  double excess(GapKind kind, double target, double entry_bound) const;  ///< gap - target in doubles
  bool certified_at_least(GapKind kind, double target, double entry_bound, bool reached) const;
  RowOutputs outputs(double entry_bound) const;
  mpq_class gamma(double entry_bound) const;

  const CountedRows& rows_;
  std::vector<const RowCounts*> no_rows_;  ///< of both instances, equal ones once
  std::size_t least_ = 0, largest_ = 0;
};

/// The theorem's worst case for these thresholds in doubles: the B at which 1/(2 + b) - a/(a + 1 + b) reaches the target,
/// a = Nmain e^(-gamma (t - s_no)), b = Xmix e^(-gamma t) (direct: e^-gamma). relative: the same for M_no / M_yes of "paper".
/// loss: with n_0 no^2/2. ln_rows = ln n, any size.
double worst_case_boundary(Embedding embedding, std::size_t order, double ln_rows, double dimension, const Gap& gap, GapKind kind,
                           double target);

}  // namespace gapwright
