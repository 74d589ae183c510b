// floor(y 2^w) for y = sum a_x e^x / sum b_x e^x. Intervals at doubling precision settle it unless y 2^w is a whole number m. By
// Lindemann and Weierstrass the e^x of distinct rational x are linearly independent over the rationals, so y 2^w = m iff 2^w a_x
// = m b_x for every x: whether that is the case is read off the coefficients, and if it is not, more precision will settle it.
#include "checker/quotient.hpp"

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

mpz_class Quotient::scaled_floor(unsigned long width) const {
  constexpr mpfr_prec_t kMostBits = 1 << 17;
  if (terms_.empty()) throw Limit("a row without tuples has no output");
  for (mpfr_prec_t precision = static_cast<mpfr_prec_t>(width) + 64; precision <= kMostBits; precision *= 2) {
    Interval y = value(precision);
    if (!y.bounded()) continue;
    mpfi_mul_2ui(y.raw(), y.raw(), width);
    const mpz_class low = y.floor_of_lower(), high = y.floor_of_upper();
    if (low == high) return low;
    if (high != low + 1) continue;
    const mpq_class whole = scaled(high, width);
    bool equal = true;
    for (const auto& [score, coefficients] : terms_) equal = equal && coefficients.first == whole * coefficients.second;
    if (equal) return high;
  }
  throw Limit("131072 bits do not tell an output from a multiple of 2^-" + std::to_string(width));
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
