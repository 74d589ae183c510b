// SPDX-License-Identifier: MIT
// The floor of a real number that is only known in balls. Let y = sum a_x e^x / sum b_x e^x, all b_x > 0. Either y 2^w is no whole number, and
// some precision shows between which two it lies; or it is the whole number m, and then sum (2^w a_x - m b_x) e^x = 0, so by the theorem of
// Lindemann and Weierstrass (e^x of distinct rational x are linearly independent over the rationals) every coefficient is 0, which is checked.
//
// When the ball of y leaves two floors, m - 1 and m, the sign of sum (a_x - c b_x) e^x, c = m 2^-w, tells which: y < c iff it is negative. That
// sum is divided by its own largest e^x, so that y = 1 - e^(-10^9) takes no billion bits. Example: a = b = 1 at x = 0, and a = 0, b = 1 at
// x = -10^9: the sum at c = 1 is -e^(-10^9), its only coefficient is -1, so floor(y 2^w) = 2^w - 1.
#include "verify/weight_quotient.hpp"

#include <algorithm>
#include <string>

#include "support/errors.hpp"

namespace gapwright {

mpq_class scaled_down(const mpz_class& n, unsigned long width) {
  mpq_class q(n);
  mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), width);
  return q;
}

void WeightQuotient::add(const mpq_class& score, const mpq_class& above, const mpq_class& below) {
  auto& term = terms_[score];
  term.first += above;
  term.second += below;
}

Ball WeightQuotient::value(long precision) const {
  Ball above, below;
  const mpq_class& largest = terms_.rbegin()->first;  // dividing both sums by e^largest keeps exponents small
  for (const auto& [score, term] : terms_) {
    const Ball weight = exp(Ball::around(mpq_class(score - largest), precision + 64), precision);
    above = add_scaled(above, weight, term.first, precision);
    below = add_scaled(below, weight, term.second, precision);
  }
  return divide(above, below, precision);
}

std::optional<int> WeightQuotient::sign_against(const mpq_class& c, long precision) const {
  std::optional<mpq_class> largest;
  Ball sum;
  for (auto term = terms_.rbegin(); term != terms_.rend(); ++term) {
    const mpq_class coefficient = term->second.first - c * term->second.second;
    if (coefficient == 0) continue;
    if (!largest) largest = term->first;
    sum =
        add_scaled(sum, exp(Ball::around(mpq_class(term->first - *largest), precision + 64), precision), coefficient, precision);
  }
  if (!largest) return 0;
  return sign_of(sum);
}

bool WeightQuotient::equals(const mpq_class& c) const {
  return std::all_of(terms_.begin(), terms_.end(),
                     [&](const auto& entry) { return entry.second.first == c * entry.second.second; });
}

mpz_class WeightQuotient::scaled_floor(unsigned long width) const {
  const long start = static_cast<long>(width) + 64, last = std::max(1L << 17, 4 * start);
  if (terms_.empty()) throw BadInstance("a row without tuples has no output");
  for (long precision = start; precision <= last; precision *= 2) {
    const Ball y = value(precision);
    if (!is_finite(y)) continue;
    const auto [least, most] = floors(y, width, precision + 64);
    if (least == most) return least;
    if (most != least + 1) continue;
    if (const auto sign = sign_against(scaled_down(most, width), precision)) return *sign < 0 ? least : most;
  }
  throw LimitReached(std::to_string(last) + " bits do not tell an output from a multiple of 2^-" + std::to_string(width));
}

}  // namespace gapwright
