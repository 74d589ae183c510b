// SPDX-License-Identifier: MIT
#pragma once
#include <gmpxx.h>
#include <mpfi.h>

#include "checker/errors.hpp"

namespace checker {

/// A real number known to lie between two others (MPFI, which rounds every operation outward).
class Interval {
 public:
  explicit Interval(mpfr_prec_t precision) {
    mpfi_init2(interval_, precision);
    mpfi_set_ui(interval_, 0);
  }
  Interval(const Interval& other) : Interval(mpfi_get_prec(other.interval_)) { mpfi_set(interval_, other.interval_); }
  Interval& operator=(const Interval& other) {
    mpfi_set_prec(interval_, mpfi_get_prec(other.interval_));
    mpfi_set(interval_, other.interval_);
    return *this;
  }
  ~Interval() { mpfi_clear(interval_); }

  mpfi_ptr raw() { return interval_; }
  mpfi_srcptr raw() const { return interval_; }
  bool bounded() const { return mpfi_bounded_p(interval_) != 0; }
  mpq_class lower() const { return rational(&interval_->left); }
  mpq_class upper() const { return rational(&interval_->right); }
  mpz_class floor_of_lower() const { return floor(&interval_->left); }  ///< however small the ends are
  mpz_class floor_of_upper() const { return floor(&interval_->right); }

 private:
  static constexpr mpfr_exp_t kMostBits = 1 << 26;  ///< of a rational or whole number
  static mpz_class floor(mpfr_srcptr x) {
    if (mpfr_regular_p(x) && mpfr_get_exp(x) > kMostBits) throw Limit("a number of more than 2^26 bits");
    mpz_class n;
    mpfr_get_z(n.get_mpz_t(), x, MPFR_RNDD);
    return n;
  }
  static mpq_class rational(mpfr_srcptr x) {
    if (mpfr_regular_p(x) && (mpfr_get_exp(x) > kMostBits || mpfr_get_exp(x) < -kMostBits))
      throw Limit("a number of more than 2^26 bits");
    mpq_class q;
    mpfr_get_q(q.get_mpq_t(), x);
    return q;
  }
  mpfi_t interval_;
};

}  // namespace checker
