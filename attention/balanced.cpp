// SPDX-License-Identifier: MIT
// Lemma A0: scaling by powers of two, with what underflow can still do.
//
// Let 2^e(u,l) be the least power of two above max_j |k_u[j,l]|, k'_u = 2^-e(u,l) k_u, and likewise for values and upstream
// gradients. The factor that the keys lost and softmax_scale = m 2^s go into q: S[i; J] = sum_l (m q[i,l] 2^(s + sum_u e(u,l)))
// prod_u k'_u[j_u,l]. With 2^x(i) above all |m q[i,l]| 2^(...) of row i, T = max_i x(i) cut to [-100, 100], q' is that product
// times 2^-T, and 2^-x(i) instead in rows with x(i) > 100. Scores become 2^T sum_l q' prod k', all entries at most 1.
//
// Proof of exactness: multiplying by a power of two is exact, but for results below 2^-1022, which are off by at most 2^-1075.
// m q is rounded once. Each such loss reaches a score multiplied by factors of at most 1 and by 2^T <= 2^100: d k of them are
// at most d k 2^-900. In products of balanced numbers every operation that underflows is off by at most the smallest normal number
// of the arithmetic, and later factors are at most 1. Rows with x(i) > 100 get other weights than the input's; they are marked, and
// their error bound is the whole range of v, which holds for any weights. A key column that is 0 has no exponent of its own: it gets
// the one that makes x no larger than the other columns do. Values: max_J |v'_J[c]| >= 2^-(k-1) in every column that is not 0, and
// out = 2^F(c) out' with F(c) = sum_u f(u,c), so errors relative to that maximum carry over whatever the sizes were. Example:
// q = 1e-200, keys 1 and -1, scale 1e200: the entries of q' and k' lie between 1/4 and 1, and 2^T makes S = 1 and -1 of them.
#include "attention/balanced.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace gapwright {
namespace {

constexpr int kLeastScore = -100;
constexpr double kValuesUpward = 1 + 1e-12;

/// The least e with |x| < 2^e.
int exponent_of(double x) {
  int e = 0;
  std::frexp(x, &e);
  return e;
}

/// Divides every column by a power of two; returns the exponents.
std::vector<int> balance_columns(Matrix& m) {
  std::vector<int> exponents;
  for (const double largest : column_maxima(m)) exponents.push_back(largest > 0 ? exponent_of(largest) : 0);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) m.at(r, c) = std::ldexp(m.at(r, c), -exponents[c]);
  return exponents;
}

/// x of every column over all rows: the exponent of its largest term. Columns without terms are moved down to the largest of the
/// others by the exponent of a key matrix that is 0 there.
void place_empty_columns(const Attention& balanced, const std::vector<double>& largest_q, std::vector<int>& exponents,
                         std::vector<std::vector<int>>& keys) {
  int top = kLeastScore;
  std::vector<std::size_t> empty(exponents.size(), keys.size());
  for (std::size_t u = 0; u < keys.size(); ++u) {
    const auto maxima = column_maxima(balanced.keys[u]);
    for (std::size_t l = 0; l < maxima.size(); ++l)
      if (maxima[l] == 0) empty[l] = u;
  }
  const auto term = [&](std::size_t l) { return exponent_of(largest_q[l]) + exponents[l]; };
  for (std::size_t l = 0; l < empty.size(); ++l)
    if (empty[l] == keys.size() && largest_q[l] > 0) top = std::max(top, term(l));
  for (std::size_t l = 0; l < empty.size(); ++l)
    if (empty[l] < keys.size() && largest_q[l] > 0) {
      const int move = top - term(l);
      keys[empty[l]][l] += move;
      exponents[l] += move;
    }
}

/// mantissa q[i, l] 2^(exponents[l] - T), T as in Lemma A0.
void balance_queries(Balanced& b) {
  Matrix& q = b.attention.q;
  const std::vector<int>& exponents = b.queries;
  std::vector<int> largest(q.rows, kLeastScore);
  for (std::size_t i = 0; i < q.rows; ++i)
    for (std::size_t l = 0; l < q.columns; ++l)
      if (q.at(i, l) != 0 && b.mantissa != 0) largest[i] = std::max(largest[i], exponent_of(q.at(i, l)) + exponents[l]);
  b.score_exponent = *std::max_element(largest.begin(), largest.end());
  const int top = b.scale_exponent = std::min(b.score_exponent, Balanced::kMostScore);
  b.attention.terms.softmax_scale = std::ldexp(1.0, top);
  for (std::size_t i = 0; i < q.rows; ++i) {
    b.beyond.push_back(largest[i] > top);
    for (std::size_t l = 0; l < q.columns; ++l) {
      int e = 0;
      const double m = std::frexp(q.at(i, l), &e) * b.mantissa;
      q.at(i, l) = std::ldexp(m, e + exponents[l] - std::max(top, largest[i]));
    }
  }
}

}  // namespace

Balanced::Balanced(const Attention& a) : attention(a) {
  check_well_formed(a);
  int exponent = 0;
  mantissa = std::frexp(a.terms.softmax_scale, &exponent);
  queries.assign(a.q.columns, exponent);
  outputs.assign(a.values[0].columns, 0);
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    keys.push_back(balance_columns(attention.keys[u]));
    values.push_back(balance_columns(attention.values[u]));
    for (std::size_t l = 0; l < queries.size(); ++l) queries[l] += keys[u][l];
    for (std::size_t c = 0; c < outputs.size(); ++c) outputs[c] += values[u][c];
  }
  place_empty_columns(attention, column_maxima(a.q), queries, keys);
  balance_queries(*this);
}

double lost_score(const Attention& balanced, double smallest) {
  return 4 * static_cast<double>(balanced.q.columns) * static_cast<double>(balanced.keys.size() + 2) * (smallest + 0x1p-900);
}

BalancedUpstream::BalancedUpstream(const Balanced& b, const Matrix& upstream) : g(upstream) {
  bool any = false;
  for (std::size_t i = 0; i < g.rows; ++i)
    for (std::size_t c = 0; c < g.columns; ++c) {
      if (g.at(i, c) == 0) continue;
      const int e = exponent_of(g.at(i, c)) + b.outputs[c];
      exponent = any ? std::max(exponent, e) : e;
      any = true;
    }
  for (std::size_t i = 0; i < g.rows; ++i)
    for (std::size_t c = 0; c < g.columns; ++c) g.at(i, c) = std::ldexp(g.at(i, c), b.outputs[c] - exponent);
}

double scaled_up(double bound, int exponent) {
  if (bound == 0) return 0;
  return std::nextafter(std::ldexp(bound, exponent), std::numeric_limits<double>::infinity());
}

ValueBounds value_bounds(const Attention& balanced) {
  const std::size_t columns = balanced.values[0].columns;
  std::vector<double> low(columns, 1.0), high(columns, 1.0);
  for (const Matrix& v : balanced.values) {
    std::vector<double> least(v.entries.begin(), v.entries.begin() + static_cast<std::ptrdiff_t>(columns)), most = least;
    for (std::size_t j = 1; j < v.rows; ++j)
      for (std::size_t c = 0; c < columns; ++c) {
        least[c] = std::min(least[c], v.at(j, c));
        most[c] = std::max(most[c], v.at(j, c));
      }
    for (std::size_t c = 0; c < columns; ++c)
      std::tie(low[c], high[c]) = std::minmax({low[c] * least[c], low[c] * most[c], high[c] * least[c], high[c] * most[c]});
  }
  ValueBounds bounds{std::vector<double>(columns), std::vector<double>(columns)};
  for (std::size_t c = 0; c < columns; ++c) {
    const double magnitude = std::max(std::abs(low[c]), std::abs(high[c]));
    if (magnitude == 0) continue;  // a factor is 0 throughout: a product of column maxima does not underflow
    bounds.magnitude[c] = magnitude * kValuesUpward + 0x1p-900;
    bounds.range[c] = high[c] - low[c] + magnitude * 1e-12 + 0x1p-900;
  }
  return bounds;
}

double value_error(const Balanced& b, const ValueBounds& values, double mixing, double relative) {
  double largest = 0;
  for (std::size_t c = 0; c < b.outputs.size(); ++c)
    if (values.magnitude[c] > 0)
      largest =
          std::max(largest, scaled_up((values.range[c] * mixing + values.magnitude[c] * relative) * kValuesUpward, b.outputs[c]));
  return largest;
}

std::vector<double> column_maxima(const Matrix& m) {
  std::vector<double> largest(m.columns, 0.0);
  for (std::size_t r = 0; r < m.rows; ++r)
    for (std::size_t c = 0; c < m.columns; ++c) largest[c] = std::max(largest[c], std::abs(m.at(r, c)));
  return largest;
}

}  // namespace gapwright
