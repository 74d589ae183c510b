// SPDX-License-Identifier: MIT
#include "verify/ball.hpp"

#include <flint/fmpq.h>

#include <stdexcept>

namespace gapwright {
namespace {

/// A bound of a ball on its way to a rational; freed whatever happens.
class Bound {
 public:
  Bound(const Ball& a, void (*side)(arf_t, const arb_t, slong), slong precision) {
    arf_init(x_);
    side(x_, a.raw(), precision);
  }
  ~Bound() { arf_clear(x_); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;

  mpq_class rational(bool upward) {
    require_bounded();
    const int sign = arf_sgn(x_);
    if (sign != 0 && arf_cmpabs_2exp_si(x_, -kSmallest) < 0)
      return (sign > 0) == upward ? mpq_class(sign * least_magnitude()) : mpq_class(0);
    fmpz_t mantissa, exponent;
    fmpz_init(mantissa);
    fmpz_init(exponent);
    arf_get_fmpz_2exp(mantissa, exponent, x_);
    mpz_class m;
    fmpz_get_mpz(m.get_mpz_t(), mantissa);
    const slong e = fmpz_get_si(exponent);
    fmpz_clear(mantissa);
    fmpz_clear(exponent);
    mpq_class q(m);
    if (e >= 0)
      mpq_mul_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(e));
    else
      mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(-e));
    return q;
  }

  mpz_class floor() {
    require_bounded();
    fmpz_t integer;
    fmpz_init(integer);
    arf_get_fmpz(integer, x_, ARF_RND_FLOOR);
    mpz_class m;
    fmpz_get_mpz(m.get_mpz_t(), integer);
    fmpz_clear(integer);
    return m;
  }

 private:
  void require_bounded() const {
    if (!arf_is_finite(x_) || arf_cmpabs_2exp_si(x_, kLargest) > 0) throw std::domain_error("the ball is not bounded");
  }
  static mpq_class least_magnitude() {
    mpq_class q(1);
    mpq_div_2exp(q.get_mpq_t(), q.get_mpq_t(), static_cast<mp_bitcnt_t>(kSmallest));
    return q;
  }

  arf_t x_;
};

constexpr slong kBoundBits = 256;

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

Ball subtract(const Ball& a, const Ball& b, long precision) {
  Ball c;
  arb_sub(c.raw(), a.raw(), b.raw(), precision);
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

Ball between_zero_and_power(long exponent) {
  Ball b;
  arb_set_ui(b.raw(), 1);
  arb_mul_2exp_si(b.raw(), b.raw(), exponent - 1);
  mag_set_ui_2exp_si(arb_radref(b.raw()), 1, exponent - 1);
  return b;
}
bool is_finite(const Ball& a) { return arb_is_finite(a.raw()) != 0; }
int compare(const Ball& a, const Ball& b) { return arf_cmp(arb_midref(a.raw()), arb_midref(b.raw())); }
std::optional<int> sign_of(const Ball& a) {
  if (arb_is_positive(a.raw())) return 1;
  if (arb_is_negative(a.raw())) return -1;
  return std::nullopt;
}
bool overlap(const Ball& a, const Ball& b) { return arb_overlaps(a.raw(), b.raw()) != 0; }
mpq_class lower(const Ball& a) { return Bound(a, arb_get_lbound_arf, kBoundBits).rational(false); }
mpq_class upper(const Ball& a) { return Bound(a, arb_get_ubound_arf, kBoundBits).rational(true); }
std::pair<mpz_class, mpz_class> floors(const Ball& a, unsigned long width, long precision) {
  Ball units;
  arb_mul_2exp_si(units.raw(), a.raw(), static_cast<slong>(width));
  return {Bound(units, arb_get_lbound_arf, precision).floor(), Bound(units, arb_get_ubound_arf, precision).floor()};
}
void free_ball_caches() { flint_cleanup_master(); }

}  // namespace gapwright
