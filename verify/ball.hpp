// SPDX-License-Identifier: MIT
#pragma once
#if __has_include(<flint/arb.h>)
#include <flint/arb.h>  // FLINT 3
#else
#include <arb.h>
#endif
#include <gmpxx.h>

#include <cstdint>
#include <optional>
#include <utility>

namespace gapwright {

/// A real number known to lie in an interval (an Arb ball). Every operation encloses all results for all members; `precision` is in bits.
class Ball {
 public:
  Ball() { arb_init(ball_); }
  Ball(const Ball& other) : Ball() { arb_set(ball_, other.ball_); }
  Ball(Ball&& other) noexcept : Ball() { arb_swap(ball_, other.ball_); }
  Ball& operator=(Ball other) noexcept {
    arb_swap(ball_, other.ball_);
    return *this;
  }
  ~Ball() { arb_clear(ball_); }

  static Ball exactly(double x);  ///< x finite
  static Ball exactly(std::uint64_t n);
  static Ball around(const mpq_class& q, long precision);

  arb_ptr raw() { return ball_; }
  arb_srcptr raw() const { return ball_; }

 private:
  arb_t ball_;
};

/// As a precision: sums, differences and products of exact balls are exact, in as many bits as that takes.
constexpr long kExactly = ARF_PREC_EXACT;

Ball add(const Ball& a, const Ball& b, long precision);
Ball subtract(const Ball& a, const Ball& b, long precision);
Ball multiply(const Ball& a, const Ball& b, long precision);
Ball divide(const Ball& a, const Ball& b, long precision);
Ball exp(const Ball& a, long precision);
Ball log(const Ball& a, long precision);   ///< of positive members
Ball sqrt(const Ball& a, long precision);  ///< of non-negative members
Ball root(const Ball& a, unsigned long k, long precision);
bool overlap(const Ball& a, const Ball& b);

/// Contains [0, 2^exponent].
Ball between_zero_and_power(long exponent);

/// sum + coefficient * weight.
Ball add_scaled(const Ball& sum, const Ball& weight, const mpq_class& coefficient, long precision);
bool is_finite(const Ball& a);
/// -1 or 1 where all members have that sign; nothing where 0 is one, or the ball is not bounded.
std::optional<int> sign_of(const Ball& a);

/// -1, 0 or 1 as a is below, at or above b; both exact.
int compare(const Ball& a, const Ball& b);

/// Rational bounds of all members, rounded outward: to 256 bits, and from magnitudes below 2^-kSmallest to 0 or 2^-kSmallest, so that a
/// weight of e^(-10^300) has bounds that can be written down. Throws std::domain_error when the ball is not bounded by 2^kLargest.
mpq_class lower(const Ball& a);
mpq_class upper(const Ball& a);
constexpr long kSmallest = 1L << 20, kLargest = 1L << 26;

/// floor(x 2^width) of the least and the largest member x, both rounded outward to so many bits first. Throws like lower.
std::pair<mpz_class, mpz_class> floors(const Ball& a, unsigned long width, long precision);

/// Frees what this thread's ball arithmetic has cached (for leak checkers); call last.
void free_ball_caches();

}  // namespace gapwright
