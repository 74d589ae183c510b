#pragma once
#include <arb.h>
#include <gmpxx.h>

#include <cstdint>
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

Ball add(const Ball& a, const Ball& b, long precision);
Ball multiply(const Ball& a, const Ball& b, long precision);
Ball divide(const Ball& a, const Ball& b, long precision);
Ball exp(const Ball& a, long precision);
Ball log(const Ball& a, long precision);   ///< of positive members
Ball sqrt(const Ball& a, long precision);  ///< of non-negative members
Ball root(const Ball& a, unsigned long k, long precision);
bool overlap(const Ball& a, const Ball& b);

/// sum + coefficient * weight.
Ball add_scaled(const Ball& sum, const Ball& weight, const mpq_class& coefficient, long precision);
bool is_finite(const Ball& a);

/// Rational bounds of all members, rounded outward to so many bits. Throws std::domain_error when the ball is not bounded.
std::pair<mpq_class, mpq_class> bounds(const Ball& a, long precision);

/// Exact rational bounds of all members. Throws std::domain_error when the ball is not bounded.
mpq_class lower(const Ball& a);
mpq_class upper(const Ball& a);

/// Frees what this thread's ball arithmetic has cached (for leak checkers); call last.
void free_ball_caches();

}  // namespace gapwright
