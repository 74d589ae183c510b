// SPDX-License-Identifier: MIT
// Real vectors ("characters") under the "sharp" embedding, balanced by repetition (docs/reductions.md, section 6).
//
// Coordinate c of weight w_c appears r_c = ceil(w_c / mu) times, each copy with the factor (w_c / (r_c mu))^{1/k} in every set,
// which is at most 1; the pads, of total weight t, take r = ceil(t / mu) coordinates with the factor (t / (r mu))^{1/k}. With
// B^k = gamma d' mu the score of a tuple is (1/d') B^k sum_c w_c/mu prod_u x_u[c] = gamma <...>. So d' = sum_c r_c + ceil(t/mu),
// and gamma sum_c w_c <= B^k <= gamma (sum_c w_c + mu (number of coordinates)): mu trades dimension against entries.
//
// Entries are doubles. Making them from the instance's costs each a relative error of at most (1 + 2^-53)^32 - 1 (scaling, the
// root, the products, B's own rounding and a factor cut to 1, with room), and the instance's inner products are within `rounding`
// of integers already. So scores are off by at most eta = gamma (rounding + (sum w_c + t) ((1 + 2^-53)^{32k} - 1)), and every
// weight by a factor e^{+-eta}. The thresholds are those of "sharp" with M and the pads' total widened by these factors.
#include "reductions/real_attention.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "instances/zeros.hpp"
#include "reductions/embedding_terms.hpp"
#include "reductions/gap_max_ip_to_attention.hpp"
#include "reductions/real_bounds.hpp"
#include "support/errors.hpp"

namespace gapwright {
namespace {

/// ceil(weight / mu), where a quotient above a whole number by rounding alone counts as that number (the factor is then cut to
/// 1).
std::size_t copies(double weight, double mu) {
  const double quotient = std::ceil(weight / mu * (1 - 0x1p-48));
  if (!(quotient < 0x1p53))
    throw LimitReached("a coordinate of weight " + std::to_string(weight) +
                       " would be repeated 2^53 times or more; take a larger mu, or smaller entries");
  return std::max<std::size_t>(1, static_cast<std::size_t>(quotient));
}

/// Throws LimitReached when the attention input of dimension `wanted` has more than `most_bits`.
void check_dimension(const RealGapMaxIp& instance, double mu, const mpz_class& wanted, const mpz_class& most_bits) {
  mpz_class all_rows = instance.sets.size() - 1;
  for (const Matrix& set : instance.sets) all_rows += set.rows;
  if (wanted * all_rows * 64 > most_bits)
    throw LimitReached("with mu = " + std::to_string(mu) + " the attention input has dimension " + wanted.get_str() +
                       ", too large for the memory limit; take a larger mu");
}

/// Widens the thresholds: every weight is off by e^{+-eta}. `total`: of all weights and the pads.
void widen(GapEmbedding& e, const RealGapMaxIp& instance, double total) {
  mpq_class unit(1), error(1);
  mpq_div_2exp(unit.get_mpq_t(), unit.get_mpq_t(), 53);
  for (std::size_t i = 0; i < 32 * instance.sets.size(); ++i) error *= 1 + unit;
  const mpq_class eta = e.gamma * (mpq_class(instance.rounding) + mpq_class(total) * (error - 1));
  set_sharp_thresholds(e, exp_bounds(std::min(eta, mpq_class(1000))).upper);  // e^1000 leaves no gap either
}

AttentionTerms terms_of(const RealGapMaxIp& instance, const GapEmbedding& e, double bound) {
  AttentionTerms terms = embedding_terms(e, Embedding::sharp, instance.made_by);
  terms.entry_bound = bound;
  if (!separated_as_written(e.yes_at_least, e.no_at_most))
    throw BadInstance("the inner products are known within " + std::to_string(instance.rounding) +
                      " only, and that leaves no gap between the outputs of t = " + std::to_string(instance.gap.yes_at_least) +
                      " and s_no = " + std::to_string(instance.gap.no_at_most));
  return terms;
}

/// Where coordinates of vectors stand in the attention input, and with which factors; the pads' coordinates come last.
struct Columns {
  std::vector<std::size_t> repeated;  ///< one entry per coordinate but for the pads': which vector coordinate it copies
  std::vector<double> factors;        ///< per vector coordinate
  std::size_t dimension = 0;          ///< with the pads' coordinates
  double pad_factor = 0;
};

/// The vectors of a set in the first of `rows` rows.
Matrix placed(const Matrix& set, std::size_t rows, const Columns& columns, const RunControl& control) {
  Matrix m = zero_matrix(rows, columns.dimension, control);
  for (std::size_t r = 0; r < set.rows; ++r) {
    control.check();
    for (std::size_t c = 0; c < columns.repeated.size(); ++c)
      m.at(r, c) = columns.factors[columns.repeated[c]] * set.at(r, columns.repeated[c]);
  }
  return m;
}

void set_pads(Matrix& m, std::size_t row, const Columns& columns) {
  for (std::size_t c = columns.repeated.size(); c < columns.dimension; ++c) m.at(row, c) = columns.pad_factor;
}

}  // namespace

mpz_class balanced_dimension(const RealGapMaxIp& instance, double mu) {
  mpz_class dimension = copies(static_cast<double>(instance.gap.yes_at_least), mu);
  for (const double weight : instance.weights) dimension += copies(weight, mu);
  return dimension;
}

RealGapMaxIp unit_columns(const RealGapMaxIp& instance, const RunControl& control) {
  RealGapMaxIp scaled;
  scaled.rounding = instance.rounding;
  scaled.gap = instance.gap;
  scaled.made_by = instance.made_by;
  std::vector<std::size_t> kept;
  std::vector<std::vector<double>> largest;  // per kept coordinate, of every set
  for (std::size_t c = 0; c < instance.weights.size(); ++c) {
    control.check();
    double weight = instance.weights[c];
    std::vector<double> tops;
    for (const Matrix& set : instance.sets) {
      double top = 0;
      for (std::size_t r = 0; r < set.rows; ++r) top = std::max(top, std::abs(set.at(r, c)));
      weight *= top;
      tops.push_back(top);
    }
    if (weight == 0) continue;
    kept.push_back(c);
    largest.push_back(std::move(tops));
    scaled.weights.push_back(weight);
  }
  for (std::size_t u = 0; u < instance.sets.size(); ++u) {
    const Matrix& set = instance.sets[u];
    Matrix m = zero_matrix(set.rows, kept.size(), control);
    for (std::size_t r = 0; r < set.rows; ++r) {
      if (r % 64 == 0) control.check();
      for (std::size_t c = 0; c < kept.size(); ++c) m.at(r, c) = set.at(r, kept[c]) / largest[c][u];
    }
    scaled.sets.push_back(std::move(m));
  }
  return scaled;
}

mpz_class balanced_bits(const RealGapMaxIp& instance, double mu) {
  const mpz_class queries = instance.sets[0].rows;
  mpz_class keys = 0;
  for (std::size_t u = 1; u < instance.sets.size(); ++u) keys += instance.sets[u].rows + 1;
  return 64 * ((queries + keys) * balanced_dimension(instance, mu) + keys);
}

RealAttention real_attention(const RealGapMaxIp& instance, double mu, const mpz_class& most_bits, const mpq_class& delta,
                             const RunControl& control) {
  if (!(mu >= 0 && std::isfinite(mu))) throw std::invalid_argument("mu is no finite number of at least 0 (0: the mean weight)");
  const std::size_t k = instance.sets.size();
  const auto t = static_cast<double>(instance.gap.yes_at_least);
  const double total = std::accumulate(instance.weights.begin(), instance.weights.end(), t);
  RealAttention result;
  result.mu = mu > 0 ? mu : total / static_cast<double>(instance.weights.size() + 1);
  check_dimension(instance, result.mu, balanced_dimension(instance, result.mu), most_bits);
  Columns columns;
  for (std::size_t c = 0; c < instance.weights.size(); ++c)
    columns.repeated.insert(columns.repeated.end(), copies(instance.weights[c], result.mu), c);
  const std::size_t pads = copies(t, result.mu), dimension = columns.repeated.size() + pads;
  columns.dimension = dimension;

  std::vector<mpz_class> sizes;
  for (const Matrix& set : instance.sets) sizes.emplace_back(set.rows);
  GapEmbedding e = gap_embedding(Embedding::sharp, sizes, mpz_class(dimension) - instance.gap.yes_at_least, instance.gap, delta);
  const double bound = root_rounded_up(e.gamma * dimension * mpq_class(result.mu), k, 53);
  result.gamma = e.gamma;
  widen(e, instance, total);
  Attention& attention = result.attention;
  attention.terms = terms_of(instance, e, bound);

  const auto factor = [&](double weight, std::size_t times) {
    return bound * std::min(1.0, std::pow(weight / (static_cast<double>(times) * result.mu), 1.0 / static_cast<double>(k)));
  };
  for (const double weight : instance.weights) columns.factors.push_back(factor(weight, copies(weight, result.mu)));
  columns.pad_factor = factor(t, pads);
  attention.q = placed(instance.sets[0], instance.sets[0].rows, columns, control);
  for (std::size_t r = 0; r < attention.q.rows; ++r) set_pads(attention.q, r, columns);
  for (std::size_t u = 1; u < k; ++u) {
    const std::size_t rows = instance.sets[u].rows;
    attention.keys.push_back(placed(instance.sets[u], rows + 1, columns, control));
    set_pads(attention.keys.back(), rows, columns);
    Matrix values(rows + 1, 1);
    for (std::size_t r = 0; r < rows; ++r) values.at(r, 0) = 1;
    attention.values.push_back(std::move(values));
  }
  return result;
}

}  // namespace gapwright
