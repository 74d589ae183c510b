#include "verify/ball.hpp"

#include <stdexcept>

namespace gapwright {
namespace {

mpq_class rational(const arf_t x) {
  if (!arf_is_finite(x)) throw std::domain_error("the ball is not bounded");
  fmpz_t mantissa, exponent;
  fmpz_init(mantissa);
  fmpz_init(exponent);
  arf_get_fmpz_2exp(mantissa, exponent, x);
  mpz_class m;
  fmpz_get_mpz(m.get_mpz_t(), mantissa);
  const bool fits = fmpz_fits_si(exponent) != 0;
  const slong e = fits ? fmpz_get_si(exponent) : 0;
  fmpz_clear(mantissa);
  fmpz_clear(exponent);
  if (!fits || e > 1'000'000'000 || e < -1'000'000'000) throw std::domain_error("the ball has an extreme exponent");
  mpq_class q(m);
  if (e >= 0)
    mpq_mul_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(e));
  else
    mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(-e));
  return q;
}

/// The bound itself is rounded outward to this many bits.
mpq_class bound(const Ball& a, void (*side)(arf_t, const arb_t, slong), slong precision = 256) {
  arf_t x;
  arf_init(x);
  side(x, a.raw(), precision);
  try {
    const mpq_class q = rational(x);
    arf_clear(x);
    return q;
  } catch (...) {
    arf_clear(x);
    throw;
  }
}

}  // namespace

Ball Ball::exactly(double x) {
  Ball b;
  arb_set_d(b.raw(), x);
  return b;
}

Ball Ball::exactly(std::uint64_t n) {
  Ball b;
  arb_set_ui(b.raw(), n);
  return b;
}

Ball Ball::around(const mpq_class& q, long precision) {
  fmpq_t value;
  fmpq_init(value);
  fmpq_set_mpq(value, q.get_mpq_t());
  Ball b;
  arb_set_fmpq(b.raw(), value, precision);
  fmpq_clear(value);
  return b;
}

Ball add(const Ball& a, const Ball& b, long precision) {
  Ball c;
  arb_add(c.raw(), a.raw(), b.raw(), precision);
  return c;
}

Ball multiply(const Ball& a, const Ball& b, long precision) {
  Ball c;
  arb_mul(c.raw(), a.raw(), b.raw(), precision);
  return c;
}

Ball divide(const Ball& a, const Ball& b, long precision) {
  Ball c;
  arb_div(c.raw(), a.raw(), b.raw(), precision);
  return c;
}

Ball exp(const Ball& a, long precision) {
  Ball c;
  arb_exp(c.raw(), a.raw(), precision);
  return c;
}

Ball log(const Ball& a, long precision) {
  Ball c;
  arb_log(c.raw(), a.raw(), precision);
  return c;
}

Ball sqrt(const Ball& a, long precision) {
  Ball c;
  arb_sqrt(c.raw(), a.raw(), precision);
  return c;
}

Ball root(const Ball& a, unsigned long k, long precision) {
  Ball c;
  arb_root_ui(c.raw(), a.raw(), k, precision);
  return c;
}

Ball add_scaled(const Ball& sum, const Ball& weight, const mpq_class& coefficient, long precision) {
  return add(sum, multiply(weight, Ball::around(coefficient, precision), precision), precision);
}

bool is_finite(const Ball& a) { return arb_is_finite(a.raw()) != 0; }
std::pair<mpq_class, mpq_class> bounds(const Ball& a, long precision) {
  return {bound(a, arb_get_lbound_arf, precision), bound(a, arb_get_ubound_arf, precision)};
}
bool overlap(const Ball& a, const Ball& b) { return arb_overlaps(a.raw(), b.raw()) != 0; }
mpq_class lower(const Ball& a) { return bound(a, arb_get_lbound_arf); }
mpq_class upper(const Ball& a) { return bound(a, arb_get_ubound_arf); }
void free_ball_caches() { flint_cleanup_master(); }

}  // namespace gapwright
