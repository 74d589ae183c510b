// SPDX-License-Identifier: MIT
#include "tests/attention/truth.hpp"

#include <cmath>
#include <limits>

namespace gapwright {
namespace {

constexpr long kExact = 20'000, kBits = 700;

Ball product(const Ball& a, double x) { return multiply(a, Ball::exactly(x), kExact); }
Ball minus(const Ball& a, const Ball& b, long precision) {
  return add(a, multiply(b, Ball::exactly(-1.0), precision), precision);
}
void accumulate(Ball& sum, const Ball& a, const Ball& b) { sum = add(sum, multiply(a, b, kBits), kBits); }

struct Tuples {
  std::vector<std::vector<std::size_t>> all;
  explicit Tuples(const std::vector<Matrix>& keys) {
    std::vector<std::size_t> tuple(keys.size(), 0);
    for (;;) {
      all.push_back(tuple);
      std::size_t u = keys.size();
      while (u > 0 && ++tuple[u - 1] == keys[u - 1].rows) tuple[--u] = 0;
      if (u == 0) return;
    }
  }
};

/// prod over u but left_out of m_u[tuple[u], c], exactly.
Ball product_of(const std::vector<Matrix>& m, const std::vector<std::size_t>& tuple, std::size_t c, std::size_t left_out) {
  Ball value = Ball::exactly(1.0);
  for (std::size_t u = 0; u < m.size(); ++u)
    if (u != left_out) value = product(value, m[u].at(tuple[u], c));
  return value;
}

/// e^{S_J - max S} of a row.
std::vector<Ball> weights(const Attention& a, std::size_t row, const Tuples& tuples) {
  std::vector<Ball> scores;
  std::size_t largest = 0;
  for (const auto& tuple : tuples.all) {
    Ball score;
    for (std::size_t l = 0; l < a.q.columns; ++l)
      score = add(score, product(product(product_of(a.keys, tuple, l, a.keys.size()), a.q.at(row, l)), a.terms.softmax_scale),
                  kExact);
    scores.push_back(score);
    if (arb_gt(score.raw(), scores[largest].raw())) largest = scores.size() - 1;
  }
  const Ball top = scores[largest], least = Ball::exactly(-1e5);
  for (Ball& s : scores) {
    const Ball below = minus(s, top, kExact);
    s = arb_lt(below.raw(), least.raw()) ? Ball() : exp(below, kBits);
  }
  return scores;
}

}  // namespace

Truth truth_of(const Attention& a, const Matrix& upstream) {
  const Tuples tuples(a.keys);
  const std::size_t d = a.q.columns, dv = upstream.columns, none = a.keys.size();
  Truth truth{{a.q.rows, dv}, {a.q.rows, d}, {}, {}};
  for (std::size_t u = 0; u < a.keys.size(); ++u) {
    truth.keys.emplace_back(a.keys[u].rows, d);
    truth.values.emplace_back(a.values[u].rows, dv);
  }
  for (std::size_t i = 0; i < a.q.rows; ++i) {
    std::vector<Ball> probabilities = weights(a, i, tuples);
    Ball sum;
    for (const Ball& w : probabilities) sum = add(sum, w, kBits);
    for (Ball& w : probabilities) w = divide(w, sum, kBits);
    Ball along;
    for (std::size_t c = 0; c < dv; ++c) {
      for (std::size_t t = 0; t < tuples.all.size(); ++t)
        accumulate(truth.out.at(i, c), probabilities[t], product_of(a.values, tuples.all[t], c, none));
      accumulate(along, truth.out.at(i, c), Ball::exactly(upstream.at(i, c)));
    }
    for (std::size_t t = 0; t < tuples.all.size(); ++t) {
      const auto& tuple = tuples.all[t];
      Ball slope = minus(Ball(), along, kBits);
      for (std::size_t c = 0; c < dv; ++c)
        accumulate(slope, product_of(a.values, tuple, c, none), Ball::exactly(upstream.at(i, c)));
      slope = multiply(multiply(slope, probabilities[t], kBits), Ball::exactly(a.terms.softmax_scale), kBits);
      for (std::size_t l = 0; l < d; ++l) {
        accumulate(truth.q.at(i, l), slope, product_of(a.keys, tuple, l, none));
        for (std::size_t u = 0; u < a.keys.size(); ++u)
          accumulate(truth.keys[u].at(tuple[u], l), slope, product(product_of(a.keys, tuple, l, u), a.q.at(i, l)));
      }
      for (std::size_t u = 0; u < a.keys.size(); ++u)
        for (std::size_t c = 0; c < dv; ++c)
          accumulate(truth.values[u].at(tuple[u], c), probabilities[t],
                     product(product_of(a.values, tuple, c, u), upstream.at(i, c)));
    }
  }
  return truth;
}

double over_bound(double computed, const Ball& truth, double bound) {
  Ball difference = minus(Ball::exactly(computed), truth, kBits);
  arb_abs(difference.raw(), difference.raw());
  if (arb_contains_zero(difference.raw())) return 0;
  if (bound == 0) return std::numeric_limits<double>::infinity();
  const Ball ratio = divide(difference, Ball::exactly(bound), kBits);
  arf_t least;
  arf_init(least);
  arb_get_lbound_arf(least, ratio.raw(), 53);
  const double result = arf_get_d(least, ARF_RND_DOWN);
  arf_clear(least);
  return result;
}

}  // namespace gapwright
