// SPDX-License-Identifier: MIT
// Row i of the outputs is sum_J e^(S_J) v_J / sum_J e^(S_J) over the tuples J that it sees. Entries are doubles, so scores S_J (sums of products
// of at most k + 1 doubles: integers times powers of two) and values v_J are taken EXACTLY, whatever their exponents are: a score has at most
// (k + 1) (1023 + 1074) + log2 d bits, 13,000 for k = 5, and about 53 (k + 1) where entries are alike. Only exponentials, sums and the quotient
// are rounded, in balls.
//
// Theorem. For every real c, out = sum_J e^(S_J - c) v_J / sum_J e^(S_J - c). Let c be the score of some tuple of the row and no S_J - c above
// kSlack. Then all weights w_J = e^(S_J - c) lie in (0, e^kSlack], one is 1, and for S_J - c < -F the weight lies in (0, 2^-F), as e > 2. So balls that
// contain each w_J, with (0, 2^-F) itself as that of the far ones, contain both sums, and the denominator's members are positive as soon as
// the number of tuples times 2^(-precision) is below 1: the quotient's ball contains out_i. Since out_i is a weighted mean it lies in the hull
// [min v_J, max v_J] as well: both hold, so the intersection of the two intervals holds, and an output is bounded whatever the balls say.
//
// c is not known beforehand: it starts as the first tuple's score, and when a score exceeds c by more than kSlack, c becomes that score and both
// sums are multiplied by a ball of e^(old c - new c). No exponent ever passes F ln 2 and 13,000-bit scores cost nothing but their subtraction.
//
// Example: keys of scores 0 and -10^9 B, values 0 and 1: the second weight is in (0, 2^-F), so out is in [0, 2^-F (1 + eps)], a NO at any
// threshold that can be written down in less than F bits.
#include "verify/attention_balls.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "support/errors.hpp"
#include "support/parallel_rows.hpp"

namespace gapwright {
namespace {

constexpr long kSlack = 1 << 10;
constexpr long kFar = kSmallest;  // F: what is smaller is not told from 0 in the bounds of a ball either

/// Calls visit(tuple of keys, its score, its values in the first `columns` columns) for every tuple that a row sees, in lexicographic order;
/// scores and values are exact.
class RowTuples {
 public:
  RowTuples(const Attention& a, std::size_t columns) : a_(a), columns_(columns), scale_(Ball::exactly(a.terms.softmax_scale)) {}

  template <class Visit>
  void each(std::size_t row, const RunControl& control, const Visit& visit) {
    control_ = &control;
    row_ = row;
    std::vector<Ball> products(a_.q.columns);
    for (std::size_t l = 0; l < products.size(); ++l) products[l] = multiply(Ball::exactly(a_.q.at(row, l)), scale_, kExactly);
    tuple_.assign(a_.keys.size(), 0);
    extend(0, products, std::vector<Ball>(columns_, Ball::exactly(1.0)), visit);
  }

 private:
  template <class Visit>
  void extend(std::size_t u, const std::vector<Ball>& products, const std::vector<Ball>& values, const Visit& visit) {
    const bool last = u + 1 == a_.keys.size();
    std::vector<Ball> longer(last ? 0 : products.size()), longer_values(columns_);
    for (std::size_t j = 0; j < keys_seen(a_, u, row_); ++j) {
      control_->check();  // a row can take hours
      tuple_[u] = j;
      for (std::size_t c = 0; c < columns_; ++c)
        longer_values[c] = multiply(values[c], Ball::exactly(a_.values[u].at(j, c)), kExactly);
      if (last) {
        visit(tuple_, score(products, j), longer_values);
      } else {
        for (std::size_t l = 0; l < products.size(); ++l)
          longer[l] = multiply(products[l], Ball::exactly(a_.keys[u].at(j, l)), kExactly);
        extend(u + 1, longer, longer_values, visit);
      }
    }
  }

  Ball score(const std::vector<Ball>& products, std::size_t j) const {
    const Matrix& keys = a_.keys.back();
    Ball sum;
    for (std::size_t l = 0; l < products.size(); ++l)
      if (keys.at(j, l) != 0) arb_addmul(sum.raw(), products[l].raw(), Ball::exactly(keys.at(j, l)).raw(), kExactly);
    return sum;
  }

  const Attention& a_;
  std::size_t columns_, row_ = 0;
  const RunControl* control_ = nullptr;
  Ball scale_;
  std::vector<std::size_t> tuple_;
};

/// e^x for an exact x of at most kSlack.
Ball weight_of(const Ball& x, long precision) {
  return arf_cmp_si(arb_midref(x.raw()), -kFar) < 0 ? between_zero_and_power(-kFar) : exp(x, precision);
}

/// Numerators and denominator of one row, both times e^(-shift).
class RowSums {
 public:
  RowSums(std::size_t columns, long precision) : weighted_(columns), precision_(precision) {}

  void add_tuple(const Ball& score, const std::vector<Ball>& values) {
    Ball above = subtract(score, shift_, kExactly);
    if (empty_ || arf_cmp_si(arb_midref(above.raw()), kSlack) > 0) {
      const Ball factor = empty_ ? Ball() : weight_of(subtract(shift_, score, kExactly), precision_);
      weights_ = multiply(weights_, factor, precision_);
      for (Ball& sum : weighted_) sum = multiply(sum, factor, precision_);
      shift_ = score;
      above = Ball();
      empty_ = false;
    }
    const Ball weight = weight_of(above, precision_);
    weights_ = add(weights_, weight, precision_);
    for (std::size_t c = 0; c < weighted_.size(); ++c)
      weighted_[c] = add(weighted_[c], multiply(weight, values[c], precision_), precision_);
  }

  Ball output(std::size_t c) const { return divide(weighted_[c], weights_, precision_); }

 private:
  std::vector<Ball> weighted_;
  Ball weights_, shift_;
  long precision_;
  bool empty_ = true;
};

struct Interval {
  mpq_class lo, hi;
};

/// Of v_J[c] over all tuples.
Interval hull_of_values(const Attention& a, std::size_t c) {
  Interval hull{1, 1};
  for (const Matrix& v : a.values) {
    double least = v.at(0, c), most = least;
    for (std::size_t j = 1; j < v.rows; ++j) {
      least = std::min(least, v.at(j, c));
      most = std::max(most, v.at(j, c));
    }
    const auto [lo, hi] = std::minmax(
        {mpq_class(hull.lo * least), mpq_class(hull.lo * most), mpq_class(hull.hi * least), mpq_class(hull.hi * most)});
    hull = {lo, hi};
  }
  return hull;
}

/// Of an output in this hull.
Interval output_enclosure(const Ball& out, const Interval& hull) {
  if (!is_finite(out)) return hull;
  Interval result = hull;
  try {
    result = {std::max(hull.lo, lower(out)), std::min(hull.hi, upper(out))};
  } catch (const std::domain_error&) {  // beyond 2^kLargest: the hull says more
  }
  return result;
}

std::vector<Ball> row_outputs(const Attention& a, std::size_t row, std::size_t columns, long precision,
                              const RunControl& control) {
  RowSums sums(columns, precision);
  RowTuples(a, columns).each(row, control, [&](const auto&, const Ball& score, const std::vector<Ball>& values) {
    sums.add_tuple(score, values);
  });
  std::vector<Ball> outputs;
  for (std::size_t c = 0; c < columns; ++c) outputs.push_back(sums.output(c));
  return outputs;
}

/// Scores are exact but for those beyond 2^kLargest, which have no bounds as rationals.
bool outweighs(const Ball& main, const std::optional<Ball>& other) {
  if (!other || compare(main, *other) >= 0) return true;
  try {
    return leads(upper(main), std::optional(lower(*other)));
  } catch (const std::domain_error&) {
    return false;
  }
}

struct Heaviest {
  std::vector<std::size_t> tuple;  ///< the row, then the first key of largest weight among those of largest value
  bool leads = false;              ///< no other tuple weighs more
};

Heaviest heaviest_tuple(const Attention& a, std::size_t row, const RunControl& control) {
  Ball best_value, best_score;
  std::optional<Ball> best_other;
  Heaviest best;
  const auto leave = [&](const Ball& score) {
    if (!best_other || compare(score, *best_other) > 0) best_other = score;
  };
  RowTuples(a, 1).each(row, control, [&](const auto& tuple, const Ball& score, const std::vector<Ball>& values) {
    const int value = best.tuple.empty() ? 1 : compare(values[0], best_value);
    if (value < 0) return leave(score);
    if (value > 0 && !best.tuple.empty()) leave(best_score);
    if (value == 0 && compare(score, best_score) <= 0) return;
    best_value = values[0];
    best_score = score;
    best.tuple = tuple;
  });
  best.tuple.insert(best.tuple.begin(), row);
  best.leads = outweighs(best_score, best_other);
  return best;
}

double below(const mpq_class& q) {
  const double x = q.get_d();  // towards 0, infinite beyond f64
  if (std::isinf(x)) return x > 0 ? std::numeric_limits<double>::max() : x;
  return mpq_class(x) <= q ? x : std::nextafter(x, -INFINITY);
}
double above(const mpq_class& q) { return -below(-q); }

/// The nearer of the doubles next to q, which is within f64.
double nearest(const mpq_class& q) {
  const double x = below(q), y = std::nextafter(x, INFINITY);
  return std::isfinite(y) && mpq_class(y) - q < q - mpq_class(x) ? y : x;
}

/// Takes an enclosure into the result; its error, and whether it is so narrow that what is left is the rounding to doubles.
std::pair<double, bool> take(const Interval& out, std::size_t row, std::size_t c, CertifiedAttention& result) {
  const mpq_class least(0x1p-1070), middle = (out.lo + out.hi) / 2, width = out.hi - out.lo;
  if (abs(middle) > mpq_class(std::numeric_limits<double>::max()))
    throw LimitReached("out[" + std::to_string(row) + ", " + std::to_string(c) + "] is beyond f64; scale the values down");
  const double x = result.out.at(row, c) = nearest(middle);
  result.lo.at(row, c) = below(out.lo);
  result.hi.at(row, c) = above(out.hi);
  return {above(mpq_class(abs(middle - mpq_class(x)) + width / 2)),
          width <= std::max(mpq_class(abs(middle) * mpq_class(0x1p-60)), least)};
}

/// Fills in a row, at doubling precision; its error.
double certify_row(const Attention& a, std::size_t row, const std::vector<Interval>& hulls, double wanted,
                   const RunControl& control, CertifiedAttention& result) {
  constexpr long kFirst = 128, kLast = kMostCertifiedBits;
  for (long precision = kFirst;; precision *= 2) {
    const std::vector<Ball> outputs = row_outputs(a, row, hulls.size(), precision, control);
    double error = 0;
    bool done = true;
    for (std::size_t c = 0; c < hulls.size(); ++c) {
      const auto [own, rounding_alone] = take(output_enclosure(outputs[c], hulls[c]), row, c, result);
      error = std::max(error, own);
      done &= own <= wanted || rounding_alone;
    }
    if (done || precision >= kLast) return error;
  }
}

}  // namespace

std::vector<Ball> outputs_by_balls(const Attention& a, std::size_t first_row, std::size_t last_row, long precision,
                                   const RunControl& control) {
  std::vector<Ball> outputs(last_row - first_row);
  for_row_pieces(first_row, last_row, 1, control,
                 [&](std::size_t row, std::size_t) { outputs[row - first_row] = row_outputs(a, row, 1, precision, control)[0]; });
  return outputs;
}

CertifiedAttention certified_attention(const Attention& a, double wanted, const RunControl& control) {
  const std::size_t rows = a.q.rows, columns = a.values[0].columns;
  CertifiedAttention result{Matrix(rows, columns), Matrix(rows, columns), Matrix(rows, columns), 0};
  std::vector<Interval> hulls;
  for (std::size_t c = 0; c < columns; ++c) hulls.push_back(hull_of_values(a, c));
  std::vector<double> errors(rows);
  for_row_pieces(0, rows, 1, control,
                 [&](std::size_t row, std::size_t) { errors[row] = certify_row(a, row, hulls, wanted, control, result); });
  result.error = *std::max_element(errors.begin(), errors.end());
  return result;
}

Verdict decide_by_balls(const Attention& a, const RunControl& control, const Precision& precision) {
  Verdict verdict = begin_verdict(a.terms, "balls");
  const std::size_t rows = a.q.rows;
  const Interval hull = hull_of_values(a, 0);
  constexpr std::size_t kRows = 32;  // decided together, so that a YES row ends the work early
  for (std::size_t begin = 0; begin < rows; begin += kRows) {
    const std::size_t end = std::min(rows, begin + kRows);
    std::vector<RowVerdict> decided(end - begin);
    for_row_pieces(begin, end, 1, RunControl{control.threads, control.stop, {}}, [&](std::size_t row, std::size_t) {
      RowVerdict& r = decided[row - begin];
      for (long bits = precision.first; r.answer == Answer::undecided && bits <= precision.last; bits *= 2) {
        const Interval out = output_enclosure(row_outputs(a, row, 1, bits, control)[0], hull);
        r = compare(out.lo, out.hi, verdict.between, bits);
      }
    });
    if (control.progress) control.progress(static_cast<double>(end) / static_cast<double>(rows));
    for (std::size_t row = begin; row < end; ++row) {
      if (!absorb(verdict, row, decided[row - begin], [&] { return heaviest_tuple(a, row, control).leads; })) continue;
      verdict.witness = heaviest_tuple(a, row, control).tuple;
      return verdict;
    }
  }
  finish(verdict, precision);
  if (verdict.answer == Answer::yes) verdict.witness = heaviest_tuple(a, verdict.row, control).tuple;
  return verdict;
}

}  // namespace gapwright
