// SPDX-License-Identifier: MIT
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "explore/regime/hard_pair.hpp"
#include "explore/regime/results.hpp"
#include "support/fit.hpp"

// The law B*(n) of a results file: one group per order, embedding, family and dimension rule.
namespace gapwright {

struct BoundaryPoint {
  std::size_t rows = 0, dimension = 0;  ///< n and d'
  std::uint64_t seed = 0;
  double deciding = 0;    ///< B*, the upper end of the certified bracket
  double worst_case = 0;  ///< the theorem's, from the thresholds alone
  double polynomial = 0;  ///< B_r: up to here r <= n^(k-1) at the constant error
  std::size_t polynomial_degree = 0;
  double entry_constant = 0;  ///< d' / (t - s_no)
};

struct BoundaryGroup {
  bool gradient = false;
  std::size_t order = 2;
  Embedding embedding = Embedding::sharp;
  PairFamily family = PairFamily::planted;
  double per_log = 0;       ///< d = C log2 n
  double per_variable = 0;  ///< ksat: d = M = C N, N = k log2 n; both 0: a fixed dimension
  std::size_t fixed_dimension = 0;
  double gap_wanted = 0, constant_error = 0;  ///< of its records
  std::vector<BoundaryPoint> points;          ///< by n, then seed; without those whose gap was not reached

  std::string name() const;  ///< "sharp, planted, d = 12 log2 n", "sharp, ksat, d = 4.26 k log2 n"
  std::string slug() const;  ///< "sharp-planted-12", for file names; without the order
  /// The theorem's exponent is power()/k: 2 for direct with d growing like log n, else 1.
  int power() const { return embedding == Embedding::direct && (per_log > 0 || per_variable > 0) ? 2 : 1; }
  /// Has a record the group's rule for d?
  bool has_dimension_rule_of(const Record&) const;
};
std::vector<BoundaryGroup> boundary_groups(const Results& results);

/// Fits of a group with at least three different n.
struct BoundaryFit {
  ProportionalFit law;                    ///< B* against (ln n)^(power/k)
  ProportionalFit other;                  ///< against the exponent of the other kind, (3 - power)/k
  LineFit offset;                         ///< B*^(k/power) = intercept + slope ln n: the finite theorem's form
  double offset_rms = 0;                  ///< relative, in B*
  LineFit exponent;                       ///< ln B* against ln ln n: a free exponent
  std::optional<double> predicted_slope;  ///< of `offset`, for the family tight: (k-1) d'/(t - s_no), for gradients (k - 1/2) of
                                          ///< it, for direct sqrt of (k-1) C / ln 2
};
std::optional<BoundaryFit> fit_boundary(const BoundaryGroup& group);

}  // namespace gapwright
