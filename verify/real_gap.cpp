// SPDX-License-Identifier: MIT
// Gap-k-MaxIP over real vectors. The stored numbers stand for others whose inner products p differ from the stored ones' pi by at most r, the
// rounding: |p - pi| <= r. Let pi_i be the largest of row i.
//
// Theorem. A yes (some p >= t) is possible iff some pi_i >= t - r; a no (all p <= s_no) is possible iff all pi_i <= s_no + r. The answer is
// the one that alone is possible, and none (outside the promise) where neither or both are; both only if 2 r >= t - s_no. Proof: p = pi + r for
// all tuples, or p = pi - r, are among the numbers that may be meant, and no p is further. Both: t - r <= pi_i <= s_no + r.
// The rule names no row, so it does not depend on the order of rows. A yes names the first row with pi_i >= t - r and its first tuple that is
// as large; anything else the first row with pi_i >= max pi - 2 r, whose largest p may be the largest of all: for integers the first of equals.
//
// Arithmetic: a product of k + 1 doubles is off by k roundings, the compensated sum of d < 2^23 of them by u |sum| + (d u)^2 mass [Hig02, section 4.3],
// [ORO05, Sum2], u = 2^-53: together less than (k + 2) u (1 + 2^-12) times the mass, the sum of the products'
// absolute values, as long as no product leaves the normal range, which holds when all entries but 0 are in [2^-1000/(k+1), 2^1000/(k+1)]. What
// that error leaves open, and everything where entries are beyond, is decided by exact products: so the answer is that of the theorem
// whatever the way there. Example: r = 1/4, t = 1, s_no = 0, products 1/4 and 3/4: yes, row 1.
#include "verify/real_gap.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "support/parallel_rows.hpp"
#include "verify/exact_scores.hpp"
#include "verify/gap_max_ip.hpp"

namespace gapwright {
namespace {

class KnownRows {
 public:
  KnownRows(std::vector<RowBounds>& rows, const std::function<mpq_class(std::size_t)>& exact) : rows_(rows), exact_(exact) {}

  bool reaches(std::size_t row, const mpq_class& threshold) {
    if (rows_[row].lo >= threshold) return true;
    return rows_[row].hi >= threshold && value(row) >= threshold;
  }
  std::size_t first_reaching(const mpq_class& threshold) {
    std::size_t row = 0;
    while (row < rows_.size() && !reaches(row, threshold)) ++row;
    return row;
  }
  mpq_class largest() {
    const mpq_class at_least = largest_bounds().lo;
    mpq_class largest = at_least;
    for (std::size_t row = 0; row < rows_.size(); ++row)
      if (rows_[row].hi > at_least) largest = std::max(largest, value(row));
    return largest;
  }
  bool all_at_most(const mpq_class& threshold) {
    const RowBounds bounds = largest_bounds();
    return bounds.hi <= threshold || (bounds.lo <= threshold && largest() <= threshold);
  }
  /// The first row whose product is at least the largest one less this.
  std::size_t first_near_largest(const mpq_class& tolerance) {
    const RowBounds bounds = largest_bounds();
    std::size_t row = 0;
    while (rows_[row].hi < bounds.lo - tolerance) ++row;
    return rows_[row].lo >= bounds.hi - tolerance ? row : first_reaching(largest() - tolerance);
  }

 private:
  /// Of the largest product of all rows.
  RowBounds largest_bounds() const {
    RowBounds largest = rows_[0];
    for (const RowBounds& row : rows_) largest = {std::max(largest.lo, row.lo), std::max(largest.hi, row.hi)};
    return largest;
  }
  const mpq_class& value(std::size_t row) {
    if (rows_[row].lo != rows_[row].hi) rows_[row].lo = rows_[row].hi = exact_(row);
    return rows_[row].lo;
  }

  std::vector<RowBounds>& rows_;
  const std::function<mpq_class(std::size_t)>& exact_;
};

/// The largest inner product of a row as doubles give it, and the largest sum of absolute values.
struct RealRow {
  double largest = -std::numeric_limits<double>::infinity(), mass = 0;
};

/// Goes through the tuples of a row with the products of the first sets kept: d of them per set.
RealRow scan(const RealGapMaxIp& instance, std::size_t row, const RunControl& control) {
  const std::size_t d = instance.weights.size(), k = instance.sets.size();
  std::vector<std::vector<double>> products(k, instance.weights);
  RealRow result;
  std::vector<std::size_t> tuple(k);
  tuple[0] = row;
  std::size_t changed = 0;  // the first set whose vector is new
  for (std::size_t tuples = 0;; ++tuples) {
    if (tuples % 256 == 0) control.check();
    double sum = 0, lost = 0, mass = 0;
    for (std::size_t u = changed; u < k; ++u)
      for (std::size_t c = 0; c < d; ++c)
        products[u][c] = (u == 0 ? instance.weights[c] : products[u - 1][c]) * instance.sets[u].at(tuple[u], c);
    for (const double x : products[k - 1]) {
      const double longer = sum + x;
      lost += std::abs(sum) >= std::abs(x) ? (sum - longer) + x : (x - longer) + sum;
      sum = longer;
      mass += std::abs(x);
    }
    result.mass = std::max(result.mass, mass);
    result.largest = std::max(result.largest, sum + lost);
    changed = k - 1;
    while (changed > 0 && ++tuple[changed] == instance.sets[changed].rows) tuple[changed--] = 0;
    if (changed == 0) return result;
  }
}

/// No product of an entry of each set and a weight leaves the normal range.
bool is_moderate(const RealGapMaxIp& instance) {
  const double reach = std::exp2(1000.0 / static_cast<double>(instance.sets.size() + 1));
  const auto moderate = [reach](const std::vector<double>& entries) {
    return std::ranges::all_of(entries,
                               [reach](double x) { return x == 0 || (std::abs(x) <= reach && std::abs(x) >= 1 / reach); });
  };
  return instance.weights.size() < (std::size_t{1} << 23) && moderate(instance.weights) &&
         std::ranges::all_of(instance.sets, [&](const Matrix& set) { return moderate(set.entries); });
}

/// Bounds from doubles; none where those may not be trusted.
std::optional<std::vector<RowBounds>> bounds_in_doubles(const RealGapMaxIp& instance, const RunControl& control) {
  if (!is_moderate(instance)) return std::nullopt;
  std::vector<RowBounds> rows(instance.sets[0].rows);
  const double unit = static_cast<double>(instance.sets.size() + 2) * 0x1.001p-53;
  for_row_pieces(0, rows.size(), 1, control, [&](std::size_t row, std::size_t) {
    const RealRow found = scan(instance, row, control);
    const mpq_class error(std::nextafter(unit * found.mass, INFINITY));
    rows[row] = {mpq_class(found.largest) - error, mpq_class(found.largest) + error};
  });
  return rows;
}

std::vector<RowBounds> exact_bounds(const ExactRows& exact, std::size_t count, const RunControl& control) {
  std::vector<RowBounds> rows(count);
  for_row_pieces(0, count, 1, control,
                 [&](std::size_t row, std::size_t) { rows[row].lo = rows[row].hi = exact.largest(row, control); });
  return rows;
}

}  // namespace

RowChoice choose_row(const Gap& gap, const mpq_class& rounding, std::vector<RowBounds>& rows,
                     const std::function<mpq_class(std::size_t)>& exact) {
  const mpq_class yes = mpq_class(gap.yes_at_least) - rounding, no = mpq_class(gap.no_at_most) + rounding;
  KnownRows known(rows, exact);
  const std::size_t row = known.first_reaching(yes);
  if (row < rows.size()) {
    const bool no_is_possible = yes <= no && known.all_at_most(no);
    return {no_is_possible ? GapSide::outside_promise : GapSide::yes, row};
  }
  return {known.all_at_most(no) ? GapSide::no : GapSide::outside_promise, known.first_near_largest(2 * rounding)};
}

GapVerdict decide_gap(const RealGapMaxIp& instance, const mpq_class& rounding, const RunControl& control) {
  if (std::ranges::any_of(instance.sets, [](const Matrix& set) { return set.rows == 0; })) return {};
  std::optional<ExactRows> known;  // made when needed: every entry becomes an integer
  const auto exact = [&]() -> const ExactRows& { return known ? *known : known.emplace(instance); };
  auto rows = bounds_in_doubles(instance, control);
  if (!rows) rows = exact_bounds(exact(), instance.sets[0].rows, control);
  const RowChoice choice =
      choose_row(instance.gap, rounding, *rows, [&](std::size_t row) { return exact().largest(row, control); });
  GapVerdict verdict;
  verdict.side = choice.side;
  verdict.row = choice.row;
  const auto& [lo, hi] = (*rows)[choice.row];
  const mpq_class middle = (lo + hi) / 2;
  verdict.largest = middle.get_d();
  verdict.error = std::nextafter(mpq_class(hi - middle + rounding).get_d(), INFINITY) + std::abs(verdict.largest) * 0x1p-52;
  if (choice.side == GapSide::yes)
    verdict.witness = exact().first_reaching(mpq_class(instance.gap.yes_at_least) - rounding, choice.row, control)->tuple;
  return verdict;
}

GapVerdict decide_gap(const RealGapMaxIp& instance, const RunControl& control) {
  return decide_gap(instance, mpq_class(instance.rounding), control);
}

}  // namespace gapwright
