// SPDX-License-Identifier: MIT
// Doubles are integers times powers of two, so all inner products of one instance are integers over one power of two: each matrix
// gets the least exponent of its entries, and sums of products are taken in GMP integers.
#include "verify/exact_scores.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "support/errors.hpp"
#include "support/parallel_rows.hpp"
#include "verify/real_gap.hpp"
#include "verify/weight_quotient.hpp"

namespace gapwright {
namespace {

constexpr unsigned long kFirstPlaces = 64;

struct IntegerMatrix {
  std::size_t rows = 0, columns = 0;
  std::vector<mpz_class> entries;  ///< times 2^exponent
  long exponent = 0;

  explicit IntegerMatrix(const Matrix& m, std::size_t most_columns = SIZE_MAX)
      : rows(m.rows), columns(std::min(m.columns, most_columns)) {
    bool any = false;
    for (std::size_t i = 0; i < rows * columns; ++i)
      if (const double x = m.at(i / columns, i % columns); x != 0) {
        const long least = std::ilogb(x) - 52;
        exponent = any ? std::min(exponent, least) : least;
        any = true;
      }
    for (std::size_t i = 0; i < rows * columns; ++i) {
      mpq_class scaled(m.at(i / columns, i % columns));
      if (exponent < 0)
        mpq_mul_2exp(scaled.get_mpq_t(), scaled.get_mpq_t(), static_cast<mp_bitcnt_t>(-exponent));
      else
        mpq_div_2exp(scaled.get_mpq_t(), scaled.get_mpq_t(), static_cast<mp_bitcnt_t>(exponent));
      entries.push_back(scaled.get_num());
    }
  }
  const mpz_class* row(std::size_t r) const { return entries.data() + r * columns; }
};

mpq_class power_of_two(long exponent) {
  mpq_class q = 1;
  if (exponent >= 0)
    mpq_mul_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(exponent));
  else
    mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(-exponent));
  return q;
}

/// Inner products of one matrix's row with every tuple of rows of the others.
class Products {
 public:
  /// `weights`, where there are any, multiply the coordinates.
  explicit Products(const std::vector<IntegerMatrix>& matrices, const IntegerMatrix* weights = nullptr)
      : matrices_(matrices), weights_(weights) {
    for (const IntegerMatrix& m : matrices) unit_ *= power_of_two(m.exponent);
    if (weights) unit_ *= power_of_two(weights->exponent);
  }
  const mpq_class& unit() const { return unit_; }

  /// visit(tuple of the other matrices, integer), in lexicographic order, until it returns true.
  void each(std::size_t row, const RunControl& control,
            const std::function<bool(const std::vector<std::size_t>&, const mpz_class&)>& visit) const {
    const std::size_t columns = matrices_[0].columns;
    std::vector<mpz_class> first(matrices_[0].row(row), matrices_[0].row(row) + columns);
    for (std::size_t c = 0; weights_ && c < columns; ++c) first[c] *= weights_->row(0)[c];
    std::vector<std::size_t> tuple;
    extend(first, tuple, control, visit);
  }

 private:
  bool extend(const std::vector<mpz_class>& products, std::vector<std::size_t>& tuple, const RunControl& control,
              const std::function<bool(const std::vector<std::size_t>&, const mpz_class&)>& visit) const {
    const IntegerMatrix& m = matrices_[tuple.size() + 1];
    const bool last = tuple.size() + 2 == matrices_.size();
    std::vector<mpz_class> longer(last ? 0 : products.size());
    mpz_class sum;
    for (std::size_t j = 0; j < m.rows; ++j) {
      control.check();
      tuple.push_back(j);
      if (last) {
        sum = 0;
        for (std::size_t c = 0; c < products.size(); ++c) sum += products[c] * m.row(j)[c];
      } else {
        for (std::size_t c = 0; c < products.size(); ++c) longer[c] = products[c] * m.row(j)[c];
      }
      const bool stop = last ? visit(tuple, sum) : extend(longer, tuple, control, visit);
      tuple.pop_back();
      if (stop) return true;
    }
    return false;
  }

  const std::vector<IntegerMatrix>& matrices_;
  const IntegerMatrix* weights_;
  mpq_class unit_ = 1;
};

/// Values v_J[0] as integers times a unit.
class Values {
 public:
  explicit Values(const Attention& a) {
    for (const Matrix& v : a.values) columns_.emplace_back(v, 1);
    for (const IntegerMatrix& column : columns_) unit_ *= power_of_two(column.exponent);
  }
  const mpq_class& unit() const { return unit_; }
  mpz_class of(const std::vector<std::size_t>& tuple) const {
    mpz_class value = 1;
    for (std::size_t u = 0; u < tuple.size(); ++u) value *= columns_[u].entries[tuple[u]];
    return value;
  }

 private:
  std::vector<IntegerMatrix> columns_;
  mpq_class unit_ = 1;
};

/// Runs find(row) for pieces of rows after those recorded, and use(row, result) in order until it returns true.
template <class Find, class Use>
void in_order(std::size_t rows, const RunControl& control, Recording& recording, const Find& find, const Use& use) {
  constexpr std::size_t kPiece = 16;
  for (std::size_t begin = recording.bounds.rows(); begin < rows;) {
    const std::size_t end = std::min(rows, begin + kPiece);
    std::vector<decltype(find(begin))> found(end - begin);
    for_row_pieces(begin, end, 1, RunControl{control.threads, control.stop, {}},
                   [&](std::size_t row, std::size_t) { found[row - begin] = find(row); });
    if (control.progress) control.progress(static_cast<double>(end) / static_cast<double>(rows));
    for (std::size_t row = begin; row < end; ++row)
      if (use(row, found[row - begin])) return;
    recording.kept();
    begin = end;
  }
}

std::vector<IntegerMatrix> integer_matrices(const Matrix* q, const std::vector<Matrix>& others) {
  std::vector<IntegerMatrix> matrices;
  if (q) matrices.emplace_back(*q);
  for (const Matrix& m : others) matrices.emplace_back(m);
  return matrices;
}

/// floor(out 2^width) of a row; `middle`: out is exactly in the middle of the gap.
struct RowFloor {
  mpz_class floor;
  bool middle = false;
};

class ExactOutputs {
 public:
  explicit ExactOutputs(const Attention& a)
      : matrices_(integer_matrices(&a.q, a.keys)),
        products_(matrices_),
        values_(a),
        score_unit_(products_.unit() * mpq_class(a.terms.softmax_scale)) {}

  RowFloor of(std::size_t row, unsigned long width, const mpq_class& between, const RunControl& control) const {
    std::map<mpz_class, std::pair<mpz_class, mpz_class>> weights;  // by score: sum of values, number of tuples
    products_.each(row, control, [&](const auto& tuple, const mpz_class& score) {
      auto& [sum, tuples] = weights[score];
      sum += values_.of(tuple);
      ++tuples;
      return false;
    });
    WeightQuotient quotient;
    for (const auto& [score, weight] : weights) quotient.add(score_unit_ * score, values_.unit() * weight.first, weight.second);
    return {quotient.scaled_floor(width), quotient.equals(between)};
  }

  struct Heaviest {
    std::vector<std::size_t> tuple;  ///< the row, then its first tuple of largest weight among those of largest value
    bool leads = false;              ///< no other tuple weighs more
  };
  Heaviest heaviest(std::size_t row, const RunControl& control) const {
    Heaviest best;
    mpz_class best_value, best_score;
    std::optional<mpz_class> best_other;
    const auto leave = [&](const mpz_class& score) {
      if (!best_other || score > *best_other) best_other = score;
    };
    products_.each(row, control, [&](const auto& tuple, const mpz_class& product) {
      const mpz_class value = values_.of(tuple), score = score_unit_ < 0 ? mpz_class(-product) : product;
      if (!best.tuple.empty() && value < best_value) {
        leave(score);
      } else if (best.tuple.empty() || value > best_value || score > best_score) {
        if (!best.tuple.empty() && value > best_value) leave(best_score);
        best.tuple = tuple;
        best_value = value;
        best_score = score;
      }
      return false;
    });
    best.tuple.insert(best.tuple.begin(), row);
    best.leads = leads(best_score, best_other ? std::optional<mpq_class>(*best_other) : std::nullopt);
    return best;
  }

 private:
  std::vector<IntegerMatrix> matrices_;
  Products products_;
  Values values_;
  mpq_class score_unit_;
};

/// An output lies in [floor, floor + 1) 2^-width: below the middle also where the end is the middle.
RowVerdict compared(const mpz_class& floor, unsigned long width, const mpq_class& between) {
  RowVerdict row = compare(scaled_down(floor, width), scaled_down(floor + 1, width), between, static_cast<long>(width));
  if (row.hi == between) row.answer = Answer::no;
  return row;
}

/// At most so many binary places are tried: what was asked for, and what tells outputs on the two thresholds from the middle, (yes - no) / 2 away.
unsigned long most_places(const AttentionTerms& terms, const Precision& precision) {
  unsigned long places = kFirstPlaces;
  const mpq_class gap = *terms.yes_at_least - *terms.no_at_most;
  while (places < kWidestGrid && (places < static_cast<unsigned long>(precision.last) || gap < scaled_down(4, places)))
    places *= 2;
  return places;
}

/// One pass over all rows after those recorded; rows exactly in the middle are counted.
Verdict decide_at_width(const Attention& a, const ExactOutputs& outputs, const RunControl& control, Recording& recording,
                        std::size_t& in_middle) {
  const unsigned long width = recording.bounds.width;
  Verdict verdict = begin_verdict(a.terms, "exact scores");
  std::size_t resumed = 0;
  for (const auto& [floor, length] : recording.bounds.runs())
    for (std::size_t i = 0; i < length; ++i, ++resumed) {
      const RowVerdict row = compared(floor, width, verdict.between);
      absorb(verdict, resumed, row, [] { return false; });
      if (row.answer == Answer::undecided) in_middle += outputs.of(resumed, width, verdict.between, control).middle;
    }
  in_order(
      a.q.rows, control, recording, [&](std::size_t row) { return outputs.of(row, width, verdict.between, control); },
      [&](std::size_t row, const RowFloor& found) {
        if (absorb(verdict, row, compared(found.floor, width, verdict.between),
                   [&] { return outputs.heaviest(row, control).leads; }))
          return true;
        in_middle += found.middle;
        recording.bounds.append(found.floor);
        return false;
      });
  finish(verdict, {static_cast<long>(width), static_cast<long>(width)});
  return verdict;
}

}  // namespace

Verdict decide_by_exact_scores(const Attention& a, const RunControl& control, Recording& recording, const Precision& precision) {
  const ExactOutputs outputs(a);
  middle_of_gap(a.terms);  // throws when there are no thresholds
  const unsigned long most = most_places(a.terms, precision);
  if (recording.bounds.width == 0) recording.bounds.width = kFirstPlaces;
  for (;;) {
    std::size_t in_middle = 0;
    Verdict verdict = decide_at_width(a, outputs, control, recording, in_middle);
    if (verdict.answer == Answer::yes) verdict.witness = outputs.heaviest(verdict.row, control).tuple;
    if (verdict.answer != Answer::undecided || verdict.undecided_rows == in_middle) return verdict;
    if (recording.bounds.width >= most)
      throw LimitReached("an output is too close to the middle of the gap to be told from it by " +
                         std::to_string(recording.bounds.width) +
                         " binary places, the most that a certificate or checkpoint is tried with; raise `precision`, or decide "
                         "it without them");
    const unsigned long wider = 2 * recording.bounds.width;
    recording.bounds = {};
    recording.bounds.width = wider;
  }
}

struct ExactRows::State {
  explicit State(const RealGapMaxIp& g)
      : matrices(integer_matrices(nullptr, g.sets)), weights(row_of(g.weights)), products(matrices, &weights) {}
  static Matrix row_of(const std::vector<double>& entries) {
    Matrix m(1, entries.size());
    m.entries = entries;
    return m;
  }
  std::vector<IntegerMatrix> matrices;
  IntegerMatrix weights;
  Products products;
};

ExactRows::ExactRows(const RealGapMaxIp& g) : state_(std::make_unique<const State>(g)) {}
ExactRows::~ExactRows() = default;

mpq_class ExactRows::largest(std::size_t row, const RunControl& control) const {
  std::optional<mpz_class> largest;
  state_->products.each(row, control, [&](const auto&, const mpz_class& product) {
    if (!largest || product > *largest) largest = product;
    return false;
  });
  return state_->products.unit() * *largest;
}

std::optional<ExactRows::Reached> ExactRows::first_reaching(const mpq_class& threshold, std::size_t row,
                                                            const RunControl& control) const {
  std::optional<Reached> first;
  state_->products.each(row, control, [&](const auto& tuple, const mpz_class& product) {
    mpq_class value = state_->products.unit() * product;
    if (value < threshold) return false;
    first = Reached{tuple, std::move(value)};
    first->tuple.insert(first->tuple.begin(), row);
    return true;
  });
  return first;
}

ExactGapVerdict decide_by_exact_products(const RealGapMaxIp& g, const mpq_class& rounding, const RunControl& control,
                                         Recording& recording) {
  const ExactRows rows(g);
  if (recording.bounds.width == 0) recording.bounds.width = kFirstPlaces;
  const unsigned long width = recording.bounds.width;
  const mpq_class yes = mpq_class(g.gap.yes_at_least) - rounding;
  const auto floor_of = [width](mpq_class units) {
    mpq_mul_2exp(units.get_mpq_t(), units.get_mpq_t(), width);
    mpz_class floor;
    mpz_fdiv_q(floor.get_mpz_t(), units.get_num_mpz_t(), units.get_den_mpz_t());
    return floor;
  };
  std::vector<RowBounds> bounds;
  std::optional<mpz_class> best;
  ExactGapVerdict verdict;
  const auto take = [&](const mpz_class& floor, const RowBounds& row) {
    if (!best || floor > *best) {
      best = floor;
      verdict.row = bounds.size();
    }
    bounds.push_back(row);
  };
  for (const auto& [floor, length] : recording.bounds.runs())
    for (std::size_t i = 0; i < length; ++i) take(floor, {scaled_down(floor, width), scaled_down(floor + 1, width)});
  in_order(
      g.sets[0].rows, control, recording, [&](std::size_t row) { return rows.largest(row, control); },
      [&](std::size_t, const mpq_class& largest) {
        take(floor_of(largest), {largest, largest});
        if (largest >= yes) return true;
        recording.bounds.append(floor_of(largest));
        return false;
      });
  const RowChoice choice = choose_row(g.gap, rounding, bounds, [&](std::size_t row) { return rows.largest(row, control); });
  verdict.side = choice.side;
  verdict.named = choice.row;
  verdict.floor = *best;
  if (choice.side != GapSide::yes) return verdict;
  const auto reached = rows.first_reaching(yes, choice.row, control);
  verdict.row = choice.row;
  verdict.witness = reached->tuple;
  verdict.floor = floor_of(reached->product);
  return verdict;
}

}  // namespace gapwright
