#include "verify/attention_balls.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "instances/errors.hpp"
#include "instances/parallel_rows.hpp"

namespace gapwright {
namespace {

/// Calls visit(tuple of keys, score ball, value v_J[0] as a ball) for every tuple of a row, in lexicographic order.
class RowTuples {
 public:
  RowTuples(const Attention& a, long precision) : a_(a), precision_(precision), scale_(Ball::exactly(a.terms.softmax_scale)) {}

  template <class Visit>
  void each(std::size_t row, const Visit& visit) {
    std::vector<Ball> products(a_.q.columns);
    for (std::size_t l = 0; l < products.size(); ++l) products[l] = Ball::exactly(a_.q.at(row, l));
    tuple_.assign(a_.keys.size(), 0);
    extend(0, products, Ball::exactly(1.0), visit);
  }

 private:
  template <class Visit>
  void extend(std::size_t u, const std::vector<Ball>& products, const Ball& value, const Visit& visit) {
    const Matrix& keys = a_.keys[u];
    for (std::size_t j = 0; j < keys.rows; ++j) {
      tuple_[u] = j;
      const Ball longer_value = multiply(value, Ball::exactly(a_.values[u].at(j, 0)), precision_);
      if (u + 1 == a_.keys.size()) {
        Ball sum;
        for (std::size_t l = 0; l < products.size(); ++l)
          if (keys.at(j, l) != 0) sum = add(sum, multiply(products[l], Ball::exactly(keys.at(j, l)), precision_), precision_);
        visit(tuple_, multiply(sum, scale_, precision_), longer_value);
      } else {
        std::vector<Ball> longer(products.size());
        for (std::size_t l = 0; l < products.size(); ++l) longer[l] = multiply(products[l], Ball::exactly(keys.at(j, l)), precision_);
        extend(u + 1, longer, longer_value, visit);
      }
    }
  }

  const Attention& a_;
  long precision_;
  Ball scale_;
  std::vector<std::size_t> tuple_;
};

Ball output(const Attention& a, std::size_t row, long precision, const RunControl& control) {
  Ball weights, weighted;
  RowTuples(a, precision).each(row, [&](const auto&, const Ball& score, const Ball& value) {
    control.check();  // a row can take hours
    const Ball weight = exp(score, precision);
    weights = add(weights, weight, precision);
    weighted = add(weighted, multiply(weight, value, precision), precision);
  });
  return divide(weighted, weights, precision);
}

std::vector<std::size_t> heaviest_tuple(const Attention& a, std::size_t row, long precision, const RunControl& control) {
  std::optional<mpq_class> best_value, best_score;
  std::vector<std::size_t> best;
  RowTuples(a, precision).each(row, [&](const auto& tuple, const Ball& score, const Ball& value) {
    control.check();
    const bool more_value = !best_value || lower(value) > *best_value;
    if (!more_value && upper(value) < *best_value) return;
    if (!more_value && lower(score) <= *best_score) return;
    best_value = upper(value);
    best_score = upper(score);
    best = tuple;
  });
  best.insert(best.begin(), row);
  return best;
}

}  // namespace

std::vector<Ball> outputs_by_balls(const Attention& a, std::size_t first_row, std::size_t last_row, long precision,
                                   const RunControl& control) {
  std::vector<Ball> outputs(last_row - first_row);
  for_row_pieces(first_row, last_row, 1, control, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) outputs[row - first_row] = output(a, row, precision, control);
  });
  return outputs;
}

namespace {

double below(const mpq_class& q) {
  const double x = q.get_d();
  return mpq_class(x) <= q ? x : std::nextafter(x, -INFINITY);
}
double above(const mpq_class& q) {
  const double x = q.get_d();
  return mpq_class(x) >= q ? x : std::nextafter(x, INFINITY);
}

/// Writes column c of the result; returns its error, and whether balls are so small that what is left is the rounding to doubles.
std::pair<double, bool> take_column(const std::vector<Ball>& balls, std::size_t c, CertifiedAttention& result) {
  const mpq_class least(0x1p-1070);
  double error = 0;
  bool rounding_alone = true;
  for (std::size_t i = 0; i < balls.size(); ++i) {
    result.lo.at(i, c) = -INFINITY;
    result.hi.at(i, c) = INFINITY;
    if (!is_finite(balls[i])) {
      error = INFINITY;
      rounding_alone = false;
      continue;
    }
    const mpq_class lo = lower(balls[i]), hi = upper(balls[i]), middle = (lo + hi) / 2;
    if (abs(middle) > mpq_class(std::numeric_limits<double>::max()))
      throw LimitReached("out[" + std::to_string(i) + ", " + std::to_string(c) + "] is beyond f64; scale the values down");
    const double x = result.out.at(i, c) = middle.get_d();
    rounding_alone &= hi - lo <= std::max(mpq_class(abs(middle) * mpq_class(0x1p-60)), least);
    result.lo.at(i, c) = below(lo);
    result.hi.at(i, c) = above(hi);
    error = std::max(error, std::nextafter(mpq_class(abs(middle - mpq_class(x)) + (hi - lo) / 2).get_d(), INFINITY));
  }
  return {error, rounding_alone};
}

}  // namespace

CertifiedAttention certified_attention(const Attention& a, double wanted, const RunControl& control) {
  constexpr long kFirst = 128, kLast = 4096;
  const std::size_t rows = a.q.rows, columns = a.values[0].columns;
  CertifiedAttention result{Matrix(rows, columns), Matrix(rows, columns), Matrix(rows, columns), 0};
  Attention column{a.terms, a.q, a.keys, {}};
  for (const Matrix& v : a.values) column.values.emplace_back(v.rows, 1);
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t u = 0; u < a.values.size(); ++u)
      for (std::size_t j = 0; j < a.values[u].rows; ++j) column.values[u].at(j, 0) = a.values[u].at(j, c);
    RunControl part = control;
    if (control.progress)
      part.progress = [&](double fraction) { control.progress((static_cast<double>(c) + fraction) / static_cast<double>(columns)); };
    for (long precision = kFirst;; precision *= 2) {
      const auto [error, rounding_alone] = take_column(outputs_by_balls(column, 0, rows, precision, part), c, result);
      if (error > wanted && !rounding_alone && precision < kLast) continue;
      result.error = std::max(result.error, error);
      break;
    }
  }
  return result;
}

Verdict decide_by_balls(const Attention& a, const RunControl& control, const Precision& precision) {
  Verdict verdict;
  verdict.method = "balls";
  verdict.between = middle_of_gap(a.terms);
  const std::size_t rows = a.q.rows;
  constexpr std::size_t kRows = 32;  // decided together, so that a YES row ends the work early
  for (std::size_t begin = 0; begin < rows; begin += kRows) {
    const std::size_t end = std::min(rows, begin + kRows);
    std::vector<RowVerdict> decided(end - begin);
    for_row_pieces(begin, end, 1, RunControl{control.threads, control.stop, {}}, [&](std::size_t row, std::size_t) {
      RowVerdict& r = decided[row - begin];
      for (long bits = precision.first; r.answer == Answer::undecided && bits <= precision.last; bits *= 2) {
        control.check();
        const Ball out = output(a, row, bits, control);
        if (arb_is_finite(out.raw())) r = compare(lower(out), upper(out), verdict.between, bits);
      }
    });
    if (control.progress) control.progress(static_cast<double>(end) / static_cast<double>(rows));
    for (std::size_t row = begin; row < end; ++row)
      if (absorb(verdict, row, decided[row - begin])) {
        verdict.witness = heaviest_tuple(a, row, verdict.precision, control);
        return verdict;
      }
  }
  finish(verdict, precision);
  return verdict;
}

}  // namespace gapwright
