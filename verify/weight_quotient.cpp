// The floor of a real number that is only known in balls. Let y = sum a_x e^x / sum b_x e^x. Either y 2^w is no whole number, and
// some precision shows between which two it lies; or it is the whole number m, and then sum (2^w a_x - m b_x) e^x = 0, so by the
// theorem of Lindemann and Weierstrass (e^x of distinct rational x are linearly independent over the rationals) every coefficient
// 2^w a_x - m b_x is 0, which is checked.
#include "verify/weight_quotient.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>

#include "instances/errors.hpp"

namespace gapwright {
namespace {

mpz_class floor_of(const mpq_class& q) {
  mpz_class n;
  mpz_fdiv_q(n.get_mpz_t(), q.get_num_mpz_t(), q.get_den_mpz_t());
  return n;
}

}  // namespace

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
  const mpq_class largest = terms_.rbegin()->first;  // dividing both sums by e^largest keeps exponents small
  for (const auto& [score, term] : terms_) {
    const Ball weight = exp(Ball::around(mpq_class(score - largest), precision + 64), precision);
    above = add_scaled(above, weight, term.first, precision);
    below = add_scaled(below, weight, term.second, precision);
  }
  return divide(above, below, precision);
}

mpz_class WeightQuotient::scaled_floor(unsigned long width) const {
  constexpr long kMostBits = 1 << 17;
  if (terms_.empty()) throw BadInstance("a row without tuples has no output");
  for (long precision = static_cast<long>(width) + 64; precision <= kMostBits; precision *= 2) {
    const Ball y = value(precision);
    if (!is_finite(y)) continue;
    mpq_class lo, hi;
    try {
      std::tie(lo, hi) = bounds(y, precision + 64);
    } catch (const std::domain_error&) {
      break;  // exponents of billions of bits
    }
    const auto units = [width](mpq_class q) {
      mpq_mul_2exp(q.get_mpq_t(), q.get_mpq_t(), width);
      return floor_of(q);
    };
    const mpz_class least = units(lo), most = units(hi);
    if (least == most) return least;
    const mpq_class candidate = scaled_down(most, width);
    const bool exact =
        std::all_of(terms_.begin(), terms_.end(), [&](const auto& t) { return t.second.first == candidate * t.second.second; });
    if (exact) return most;
  }
  throw LimitReached("131072 bits do not tell an output from a multiple of 2^-" + std::to_string(width));
}

}  // namespace gapwright
