// SPDX-License-Identifier: MIT
#include "reductions/real_bounds.hpp"

#include <mpfr.h>

#include <cmath>

namespace gapwright {
namespace {

constexpr mpfr_prec_t kPrecision = 192;
constexpr long kLowestExponent = -1'000'000;  // below, e^x is bounded by e^this

struct Real {
  mpfr_t value;
  Real() { mpfr_init2(value, kPrecision); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;
  ~Real() { mpfr_clear(value); }
  mpq_class rational() const {
    mpq_class q;
    mpfr_get_q(q.get_mpq_t(), value);
    return q;
  }
};

/// f(x) with x and f both rounded in the same direction; right for increasing f.
mpq_class increasing(int (*f)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t), const mpq_class& x, mpfr_rnd_t direction) {
  Real y;
  mpfr_set_q(y.value, x.get_mpq_t(), direction);
  f(y.value, y.value, direction);
  return y.rational();
}

}  // namespace

RealBounds exp_bounds(const mpq_class& x) {
  if (x >= kLowestExponent) return {increasing(mpfr_exp, x, MPFR_RNDD), increasing(mpfr_exp, x, MPFR_RNDU)};
  return {0, increasing(mpfr_exp, kLowestExponent, MPFR_RNDU)};  // a rational of that size would fill the memory
}
RealBounds log_bounds(const mpq_class& x) { return {increasing(mpfr_log, x, MPFR_RNDD), increasing(mpfr_log, x, MPFR_RNDU)}; }

double root_rounded_up(const mpq_class& x, unsigned long k, int significand_bits) {
  Real root;
  mpfr_set_q(root.value, x.get_mpq_t(), MPFR_RNDU);
  mpfr_rootn_ui(root.value, root.value, k, MPFR_RNDU);
  mpfr_prec_round(root.value, significand_bits, MPFR_RNDU);
  double rounded = mpfr_get_d(root.value, MPFR_RNDU);
  mpfr_prec_round(root.value, kPrecision, MPFR_RNDU);
  // The root was rounded up twice; step back as long as a smaller representable value still is enough.
  const auto enough = [&](double candidate) {
    mpq_class power = 1;
    for (unsigned long i = 0; i < k; ++i) power *= mpq_class(candidate);
    return power >= x;
  };
  for (;;) {
    int exponent = 0;
    const double significand = std::frexp(rounded, &exponent);
    const double unit = std::ldexp(significand == 0.5 ? 0.5 : 1.0, exponent - significand_bits);
    if (!enough(rounded - unit)) return rounded;
    rounded -= unit;
  }
}

}  // namespace gapwright
