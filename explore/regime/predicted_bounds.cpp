// SPDX-License-Identifier: MIT
#include "explore/regime/predicted_bounds.hpp"

#include <cmath>

#include "explore/regime/boundary.hpp"
#include "explore/regime/code_pair.hpp"
#include "explore/regime/formula_pair.hpp"

namespace gapwright {

PredictedBounds predicted_bounds(const BoundaryGroup& g, double log2_rows, HalfLengths& half_lengths, Planner* codes) {
  const double ln_rows = log2_rows * std::log(2.0);
  const std::size_t d =
      g.per_log > 0 ? dimension_for(g.embedding, log2_rows, g.per_log)
      : g.per_variable > 0
          ? clauses_for(static_cast<std::size_t>(std::llround(log2_rows * static_cast<double>(g.order))), g.per_variable)
          : g.fixed_dimension;
  Gap thresholds = pair_gap(g.embedding, d);
  std::size_t dimension = g.embedding == Embedding::direct  ? d + (std::size_t{1} << (g.order - 1)) - 2
                          : g.embedding == Embedding::paper ? 2 * d
                                                            : d + static_cast<std::size_t>(thresholds.yes_at_least);
  if (g.family == PairFamily::ksat && g.embedding == Embedding::sharp) {
    const auto plan = codes ? least_boxes(*codes, d) : std::nullopt;
    if (!plan || !plan->dimension.fits_ulong_p()) return {std::nan(""), {}};
    thresholds = plan->gap;
    dimension = plan->dimension.get_ui();
  }
  const GapKind kind = g.gradient ? GapKind::loss : g.embedding == Embedding::paper ? GapKind::relative : GapKind::additive;
  PredictedBounds bounds{
      worst_case_boundary(g.embedding, g.order, ln_rows, static_cast<double>(dimension), thresholds, kind, g.gap_wanted), {}};
  // Largest inner product of a tuple, the smallest being 0: the pads' (sharp: t, paper: d); direct and tight: 1.
  const double spread = g.embedding == Embedding::sharp   ? static_cast<double>(thresholds.yes_at_least)
                        : g.embedding == Embedding::paper ? static_cast<double>(d)
                        : g.family == PairFamily::tight   ? 1
                                                          : 0;
  if (spread == 0) return bounds;
  mpz_class tuples;
  mpz_set_d(tuples.get_mpz_t(), std::floor(std::exp2(log2_rows * static_cast<double>(g.order - 1)) + 0.5));
  const double half_length = half_lengths.largest(largest_degree(dimension, tuples), g.constant_error);
  bounds.polynomial = std::pow(2 * half_length / spread * static_cast<double>(dimension), 1.0 / static_cast<double>(g.order));
  return bounds;
}

}  // namespace gapwright
