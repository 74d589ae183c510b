// SPDX-License-Identifier: MIT
// The smallest B at which a pair's yes and no rows are apart (docs/explore.md, section 3).
//
// Counts of inner products do not depend on B, so one pass over all tuples serves every B: gamma = B^k softmax_scale exactly, and
// out = M / (M + O) with M, O sums of counts times e^(sign gamma s). The search runs in doubles: a grid of 128 values up to the
// theorem's B finds the first at which the gap is reached, bisection narrows it. Then both ends of a bracket of relative width
// 1e-7 are proved in balls over ALL rows; where that is too narrow for the search's rounding it is widened. That no smaller B
// reaches the target is the grid's word, not a proof.
#include "explore/regime/boundary.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "support/powers.hpp"

namespace gapwright {
namespace {

constexpr long kPrecision = 128;
constexpr int kGrid = 128;

/// out_i[0] in doubles; `weights` are e^(sign gamma s - shift).
double estimate(const RowCounts& row, const std::vector<double>& weights) {
  double main = 0, other = 0;
  for (std::size_t s = 0; s < row.main.size(); ++s) {
    if (row.main[s] != 0) main += static_cast<double>(row.main[s]) * weights[s];
    if (row.other[s] != 0) other += static_cast<double>(row.other[s]) * weights[s];
  }
  return main / (main + other);
}

}  // namespace

PairOutputs::PairOutputs(const CountedRows& rows) : rows_(rows) {
  struct Less {
    bool operator()(const RowCounts* a, const RowCounts* b) const { return *a < *b; }
  };
  std::set<const RowCounts*, Less> different;
  for (std::size_t i = 0; i < rows.yes.size(); ++i)
    if (!std::binary_search(rows.witness_rows.begin(), rows.witness_rows.end(), i) && different.insert(&rows.yes[i]).second)
      no_rows_.push_back(&rows.yes[i]);
  for (const RowCounts& row : rows.no)
    if (different.insert(&row).second) no_rows_.push_back(&row);
  least_ = rows.largest_product;
  for (const auto* side : {&rows.yes, &rows.no})
    for (const RowCounts& row : *side)
      for (std::size_t s = 0; s < row.main.size(); ++s)
        if (row.main[s] != 0 || row.other[s] != 0) {
          least_ = std::min(least_, s);
          largest_ = std::max(largest_, s);
        }
}

mpq_class PairOutputs::gamma(double entry_bound) const {
  return rational_power(mpq_class(entry_bound), rows_.order) * mpq_class(rows_.softmax_scale);
}

RowOutputs PairOutputs::outputs(double entry_bound) const { return {gamma(entry_bound), rows_.sign, rows_.largest_product}; }

RowGap PairOutputs::gap(double entry_bound) const {
  const RowOutputs rows = outputs(entry_bound);
  const auto yes = rows.output(rows_.yes[rows_.planted_row], kPrecision);
  RowGap gap{lower(yes.lo), upper(yes.hi), 0, 0};
  for (const RowCounts* row : no_rows_) {
    const auto no = rows.output(*row, kPrecision);
    gap.no_lo = std::max(gap.no_lo, lower(no.lo));
    gap.no_hi = std::max(gap.no_hi, upper(no.hi));
  }
  return gap;
}

std::pair<mpq_class, mpq_class> PairOutputs::loss_gap(double entry_bound) const {
  const RowOutputs rows = outputs(entry_bound);
  const Ball yes = rows.output(rows_.yes[rows_.planted_row], kPrecision).lo;
  Ball no;
  for (const RowCounts& row : rows_.no) {
    const Ball out = rows.output(row, kPrecision).lo;
    no = add(no, multiply(out, out, kPrecision), kPrecision);
  }
  const Ball twice = add(multiply(yes, yes, kPrecision), multiply(no, Ball::exactly(-1.0), kPrecision), kPrecision);
  return {lower(twice) / 2, upper(twice) / 2};
}

PairOutputs::All PairOutputs::all(double entry_bound) const {
  const RowOutputs rows = outputs(entry_bound);
  All all;
  mpq_class error = 0;
  const auto take = [&](const std::vector<RowCounts>& counts, std::vector<double>& to) {
    for (const RowCounts& row : counts) {
      const auto out = rows.output(row, kPrecision);
      const mpq_class lo = lower(out.lo), hi = upper(out.hi);
      to.push_back(mpq_class((lo + hi) / 2).get_d());
      error = std::max(error, std::max(mpq_class(abs(lo - mpq_class(to.back()))), mpq_class(abs(hi - mpq_class(to.back())))));
    }
  };
  take(rows_.yes, all.yes);
  take(rows_.no, all.no);
  all.error = std::nextafter(error.get_d(), 1.0);
  return all;
}

double PairOutputs::excess(GapKind kind, double target, double entry_bound) const {
  const double g = gamma(entry_bound).get_d() * rows_.sign;
  std::vector<double> weights(rows_.largest_product + 1);
  const double shift = std::max(g * static_cast<double>(least_), g * static_cast<double>(largest_));
  for (std::size_t s = 0; s < weights.size(); ++s) weights[s] = std::exp(std::min(0.0, g * static_cast<double>(s) - shift));
  const double yes = estimate(rows_.yes[rows_.planted_row], weights);
  if (kind == GapKind::loss) {
    double loss = 0;
    for (const RowCounts& row : rows_.no) {
      const double out = estimate(row, weights);
      loss += out * out / 2;
    }
    return yes * yes / 2 - loss - target;
  }
  double no = 0;
  for (const RowCounts* row : no_rows_) no = std::max(no, estimate(*row, weights));
  return kind == GapKind::additive ? yes - no - target : (yes - no) / yes - target;
}

bool PairOutputs::certified_at_least(GapKind kind, double target, double entry_bound, bool reached) const {
  const mpq_class wanted(target);
  if (kind == GapKind::loss) {
    const auto [lo, hi] = loss_gap(entry_bound);
    return reached ? lo >= wanted : hi < wanted;
  }
  const RowGap g = gap(entry_bound);
  if (kind == GapKind::additive) return reached ? g.lo() >= wanted : g.hi() < wanted;
  return reached ? g.yes_lo * (1 - wanted) >= g.no_hi : g.yes_hi * (1 - wanted) < g.no_lo;
}

std::optional<BoundaryBracket> PairOutputs::boundary(GapKind kind, double target, double most) const {
  double lo = 0, hi = 0;
  for (int i = 1; i <= kGrid && hi == 0; ++i) {
    const double b = most * i / kGrid;
    if (excess(kind, target, b) >= 0)
      hi = b;
    else
      lo = b;
  }
  if (hi == 0) return std::nullopt;
  while (hi - lo > 1e-10 * hi) {
    const double middle = (lo + hi) / 2;
    (excess(kind, target, middle) >= 0 ? hi : lo) = middle;
  }
  for (double width = 5e-8; width < 1e-3; width *= 10) {
    const BoundaryBracket bracket{lo * (1 - width), hi * (1 + width)};
    if (certified_at_least(kind, target, bracket.lo, false) && certified_at_least(kind, target, bracket.hi, true)) return bracket;
  }
  return std::nullopt;
}

double worst_case_boundary(Embedding embedding, std::size_t order, double ln_rows, double dimension, const Gap& gap, GapKind kind,
                           double target) {
  const auto k1 = static_cast<double>(order - 1);
  const double ln_main = k1 * ln_rows;
  // Xmix of one pad per key matrix: (n+1)^(k-1) - n^(k-1) - 1, relative to Nmain.
  const double mixed = std::max(std::expm1(k1 * std::log1p(std::exp(-ln_rows))) - std::exp(-ln_main), 0.0);
  const double width = static_cast<double>(gap.yes_at_least - gap.no_at_most),
               t = embedding == Embedding::direct ? 1 : static_cast<double>(gap.yes_at_least);
  const auto excess = [&](double gamma) {
    const double a = std::exp(ln_main - gamma * width), b = mixed * std::exp(ln_main - gamma * t);
    if (kind == GapKind::relative) return 1 - a - target;  // out is M / Npad e^(gamma d) but for terms below M itself
    const double yes = 1 / (2 + b), no = a / (a + 1 + b);
    return kind == GapKind::additive ? yes - no - target : yes * yes / 2 - std::exp(ln_rows) * no * no / 2 - target;
  };
  double lo = 0, hi = 1;
  while (excess(hi) < 0 && hi < 1e9) hi *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = (lo + hi) / 2;
    (excess(middle) >= 0 ? hi : lo) = middle;
  }
  return std::pow(hi * dimension, 1.0 / static_cast<double>(order));
}

}  // namespace gapwright
