// SPDX-License-Identifier: MIT
// floor(y 2^w) for y = N / D, N = sum a_x e^x, D = sum b_x e^x > 0 over finitely many rational x, equal x combined.
//
// Theorem. Let m be whole, c = m 2^-w, c_x = a_x - c b_x. The sign of y - c is the sign of S = sum c_x e^x, and S = 0 iff every c_x = 0. If t is the
// largest x with c_x != 0, and |c_t| > R with R = sum_{x < t} |c_x| e^(x - t), then the sign of S is that of c_t.
// Proof. y - c = S / D and D > 0. The e^x of distinct rational x are linearly independent over the rationals (Lindemann, Weierstrass), so S = 0
// only when every c_x = 0. S e^-t = c_t + r with |r| <= R. QED.
//
// So intervals of y at doubling precision leave one floor, or two neighbours m - 1 and m, between which the sign of y - m 2^-w decides: y 2^w >= m
// or not. That sign is read off an interval of S e^-t, taken anew from the exact c_x and x - t <= 0: no exponential overflows, those that underflow
// lie in [0, the least positive number], and an interval of the outweighed rest decides at 64 bits what y itself would show at a billion. Rests as
// large as |c_t| cancel at most in part, as S != 0: more precision settles them. Example: a = b = 1 at x = 0, b = 1 at x = -10^18: m = 2^w, c_0 = 0,
// t = -10^18, c_t = -1 and R = 0, so y < 1 and the floor is 2^w - 1.
#include "checker/quotient.hpp"

#include <algorithm>

#include "checker/errors.hpp"

namespace checker {

void Quotient::add(const mpq_class& score, const mpq_class& numerator, const mpq_class& denominator) {
  auto& [a, b] = terms_[score];
  a += numerator;
  b += denominator;
}

Interval Quotient::value(mpfr_prec_t precision) const {
  const mpq_class& top = terms_.rbegin()->first;  // weights relative to the largest: only quotients matter
  Interval above(precision), below(precision), weight(precision), term(precision);
  for (const auto& [score, coefficients] : terms_) {
    const mpq_class less = score - top;
    mpfi_set_q(weight.raw(), less.get_mpq_t());
    mpfi_exp(weight.raw(), weight.raw());
    mpfi_mul_q(term.raw(), weight.raw(), coefficients.first.get_mpq_t());
    mpfi_add(above.raw(), above.raw(), term.raw());
    mpfi_mul_q(term.raw(), weight.raw(), coefficients.second.get_mpq_t());
    mpfi_add(below.raw(), below.raw(), term.raw());
  }
  mpfi_div(above.raw(), above.raw(), below.raw());
  return above;
}

std::optional<int> Quotient::sign_against(const mpq_class& c, mpfr_prec_t precision) const {
  std::optional<mpq_class> top;
  Interval sum(precision), term(precision);
  for (auto place = terms_.rbegin(); place != terms_.rend(); ++place) {
    const auto& [score, coefficients] = *place;
    const mpq_class left = coefficients.first - c * coefficients.second;
    if (left == 0) continue;
    if (!top) top = score;
    const mpq_class less = score - *top;
    mpfi_set_q(term.raw(), less.get_mpq_t());
    mpfi_exp(term.raw(), term.raw());
    mpfi_mul_q(term.raw(), term.raw(), left.get_mpq_t());
    mpfi_add(sum.raw(), sum.raw(), term.raw());
  }
  if (!top) return 0;
  if (mpfi_is_strictly_pos(sum.raw())) return 1;
  return mpfi_is_strictly_neg(sum.raw()) ? std::optional(-1) : std::nullopt;
}

mpz_class Quotient::scaled_floor(unsigned long width) const {
  const mpfr_prec_t start = static_cast<mpfr_prec_t>(width) + 64, most = std::max<mpfr_prec_t>(1 << 17, 4 * start);
  if (terms_.empty()) throw Limit("a row without tuples has no output");
  for (mpfr_prec_t precision = start; precision <= most; precision *= 2) {
    Interval y = value(precision);
    if (!y.bounded()) continue;
    mpfi_mul_2ui(y.raw(), y.raw(), width);
    mpz_class low = y.floor_of_lower(), high = y.floor_of_upper();
    if (low == high) return low;
    if (high != low + 1) continue;
    if (const auto sign = sign_against(scaled(high, width), precision)) return *sign < 0 ? low : high;
  }
  throw Limit(std::to_string(most) + " bits do not tell an output from a multiple of 2^-" + std::to_string(width));
}

mpz_class floor_of(const mpq_class& q) {
  mpz_class n;
  mpz_fdiv_q(n.get_mpz_t(), q.get_num_mpz_t(), q.get_den_mpz_t());
  return n;
}

mpq_class scaled(const mpz_class& n, unsigned long width) {
  mpq_class q(n);
  mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), width);
  return q;
}

}  // namespace checker
