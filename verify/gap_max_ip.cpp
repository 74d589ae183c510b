// Yes iff some inner product is at least t; no iff all are at most s_no; outside the promise otherwise. Integer forms take the complete
// histogram of every row. Real vectors: the sum of d products of k doubles is off by at most (d + k) 2^-53 (1 + 2^-12) times the sum of the
// products' absolute values [Higham, Accuracy and Stability, section 3.1], plus the rounding stated with the instance; a value v then stands
// for yes iff v >= t - error, for no iff v <= s_no + error, and 2 error < t - s_no is required so that no value stands for both.
#include "verify/gap_max_ip.hpp"

#include <algorithm>
#include <cmath>

#include "instances/errors.hpp"
#include "instances/parallel_rows.hpp"
#include "verify/factored_attention.hpp"
#include "verify/scoring.hpp"

namespace gapwright {
namespace {

/// Steps to the next tuple of keys in lexicographic order; false after the last.
bool next_tuple(std::vector<std::size_t>& tuple, const std::vector<std::size_t>& sizes) {
  for (std::size_t u = tuple.size(); u-- > 1;) {
    if (++tuple[u] < sizes[u]) return true;
    tuple[u] = 0;
  }
  return false;
}

template <class Instance>
std::vector<std::size_t> first_accepted(const Instance& instance, std::size_t row, const std::vector<std::size_t>& sizes) {
  std::vector<std::size_t> tuple(sizes.size());
  tuple[0] = row;
  while (!accepts(instance, tuple))
    if (!next_tuple(tuple, sizes)) throw std::logic_error("the histogram promised a tuple at the threshold");
  return tuple;
}

/// From the histograms of all rows, `width` counts each.
template <class Instance, class Histograms>
GapVerdict decide_by_histograms(const Instance& instance, const std::vector<std::size_t>& sizes, std::size_t width, const Histograms& histograms,
                                const RunControl& control) {
  constexpr std::size_t kCounts = std::size_t{1} << 22;  // at a time
  const std::size_t piece = std::max<std::size_t>(1, kCounts / width);
  GapVerdict verdict;
  std::int64_t largest = -1;
  for (std::size_t begin = 0; begin < sizes[0]; begin += piece) {
    const std::size_t end = std::min(sizes[0], begin + piece);
    const std::vector<std::uint64_t> counts = histograms(begin, end, RunControl{control.threads, control.stop, {}});
    for (std::size_t row = begin; row < end; ++row) {
      std::size_t s = width;
      while (s > 0 && counts[(row - begin) * width + s - 1] == 0) --s;
      if (static_cast<std::int64_t>(s) - 1 > largest) {
        largest = static_cast<std::int64_t>(s) - 1;
        verdict.row = row;
      }
      if (largest >= instance.gap.yes_at_least) break;
    }
    if (control.progress) control.progress(static_cast<double>(end) / static_cast<double>(sizes[0]));
    if (largest >= instance.gap.yes_at_least) break;
  }
  verdict.side = side_of(instance.gap, largest);
  verdict.largest = static_cast<double>(largest);
  if (verdict.side == GapSide::yes) verdict.witness = first_accepted(instance, verdict.row, sizes);
  return verdict;
}

bool has_empty(const std::vector<std::size_t>& sizes) { return std::find(sizes.begin(), sizes.end(), std::size_t{0}) != sizes.end(); }

/// One row of a real instance: the largest inner product, the first tuple that attains it, and the largest sum of absolute values.
struct RealRow {
  double largest = -INFINITY, mass = 0;
  std::vector<std::size_t> best;
};

/// Goes through the tuples of a row, up to the first that reaches `enough`, with the products of the first sets kept: d of them per set.
RealRow scan(const RealGapMaxIp& instance, std::size_t row, const std::vector<std::size_t>& sizes, double enough) {
  const std::size_t d = instance.weights.size(), k = sizes.size();
  std::vector<std::vector<double>> products(k, instance.weights);
  RealRow result;
  std::vector<std::size_t> tuple(k);
  tuple[0] = row;
  std::size_t changed = 0;  // the first set whose vector is new
  for (;;) {
    double sum = 0, mass = 0;
    for (std::size_t u = changed; u < k; ++u)
      for (std::size_t c = 0; c < d; ++c) products[u][c] = (u == 0 ? instance.weights[c] : products[u - 1][c]) * instance.sets[u].at(tuple[u], c);
    for (const double x : products[k - 1]) {
      sum += x;
      mass += std::abs(x);
    }
    result.mass = std::max(result.mass, mass);
    if (sum > result.largest) {
      result.largest = sum;
      result.best = tuple;
    }
    if (sum >= enough) return result;
    changed = k - 1;
    while (changed > 0 && ++tuple[changed] == sizes[changed]) tuple[changed--] = 0;
    if (changed == 0) return result;
  }
}

}  // namespace

GapVerdict decide_gap(const GapMaxIp& instance, const RunControl& control) {
  std::vector<std::size_t> sizes;
  std::vector<const BitMatrix*> sets;
  for (const BitMatrix& set : instance.sets) {
    sizes.push_back(set.rows);
    sets.push_back(&set);
  }
  if (has_empty(sizes)) return {};
  const ScoringIndex index = make_scoring_index(sets);
  return decide_by_histograms(instance, sizes, instance.dimension + 1,
                              [&](std::size_t begin, std::size_t end, const RunControl& c) { return inner_product_histograms(index, begin, end, c); }, control);
}

GapVerdict decide_gap(const FactoredGapMaxIp& instance, const RunControl& control) {
  std::vector<std::size_t> sizes;
  for (const SymbolRows& set : *instance.sets) sizes.push_back(set.rows);
  if (has_empty(sizes)) return {};
  return decide_by_histograms(instance, sizes, instance.coins + 1,
                              [&](std::size_t begin, std::size_t end, const RunControl& c) { return accepting_histograms(instance, begin, end, c); }, control);
}

GapVerdict decide_gap(const RealGapMaxIp& instance, const RunControl& control) {
  std::vector<std::size_t> sizes;
  for (const Matrix& set : instance.sets) sizes.push_back(set.rows);
  if (has_empty(sizes)) return {};
  std::vector<RealRow> rows(sizes[0]);
  for_row_pieces(0, sizes[0], 1, control, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) rows[row] = scan(instance, row, sizes, INFINITY);
  });
  double mass = 0;
  for (const RealRow& row : rows) mass = std::max(mass, row.mass);
  GapVerdict verdict;
  verdict.error = static_cast<double>(instance.weights.size() + sizes.size()) * 0x1.001p-53 * mass + instance.rounding;
  if (!(2 * verdict.error < static_cast<double>(instance.gap.yes_at_least - instance.gap.no_at_most)))
    throw BadInstance("rounding may move inner products by " + std::to_string(verdict.error) + ", half the gap or more: doubles cannot decide");
  const double yes = static_cast<double>(instance.gap.yes_at_least) - verdict.error, no = static_cast<double>(instance.gap.no_at_most) + verdict.error;
  verdict.largest = -INFINITY;
  for (std::size_t row = 0; row < rows.size() && verdict.largest < yes; ++row)
    if (rows[row].largest > verdict.largest + 2 * verdict.error) {  // closer ones may be equal: the first counts, as for integers
      verdict.largest = rows[row].largest;
      verdict.row = row;
    }
  verdict.side = verdict.largest >= yes ? GapSide::yes : verdict.largest <= no ? GapSide::no : GapSide::outside_promise;
  if (verdict.side == GapSide::yes) verdict.witness = scan(instance, verdict.row, sizes, yes).best;
  return verdict;
}

}  // namespace gapwright
